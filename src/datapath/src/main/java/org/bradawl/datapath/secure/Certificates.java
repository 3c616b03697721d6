package org.bradawl.datapath.secure;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.bradawl.datapath.CertificateReload;
import org.bradawl.datapath.ConfigurationProblem;
import org.bradawl.datapath.Rhythm;
import org.bradawl.datapath.TlsSettings;

/** What is served now, and its replacement when the files change. Safe for threads. */
public final class Certificates {

  private static final Logger LOG = System.getLogger(Certificates.class.getName());

  /** Renewals come days before they are needed; an operator who watches wants to see it happen. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /**
   * One state of the files, with what handshakes need of it.
   *
   * @param tls for TLS; its resumable sessions end with it
   */
  record Served(Identities identities, TlsContext tls) {}

  private final IdentityFiles files;
  private final SecureRandom random;
  private Map<Path, String> stamps;
  private String lastRefusal = "";
  private volatile Served served;
  private final Rhythm rhythm = new Rhythm(LOOK_EVERY);

  /**
   * Reads the files for the first time.
   *
   * @throws ConfigurationProblem if they cannot be used
   */
  Certificates(TlsSettings settings, SecureRandom random, InstantSource calendar) {
    this.files = new IdentityFiles(settings, random, calendar);
    this.random = random;
    this.stamps = files.stamps();
    this.served = read();
    LOG.log(Level.INFO, "TLS and DTLS: " + describe(served.identities()));
  }

  private Served read() {
    Identities identities = files.read();
    return new Served(identities, TlsContext.of(identities, random));
  }

  Served served() {
    return served;
  }

  /** Whose certificates new handshakes show. */
  public Identities identities() {
    return served.identities();
  }

  /** Looks at the files now. */
  public synchronized CertificateReload reload() {
    try {
      Map<Path, String> now = files.stamps();
      if (now.equals(stamps) && lastRefusal.isEmpty()) {
        return new CertificateReload.Unchanged();
      }
      served = read();
      stamps = now;
      lastRefusal = "";
      String description = describe(served.identities());
      LOG.log(Level.INFO, "certificates replaced: " + description);
      return new CertificateReload.Replaced(description);
    } catch (ConfigurationProblem e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  /** Said once for each problem: certificate and key are rarely replaced in the same moment. */
  private CertificateReload refused(String problem) {
    if (!problem.equals(lastRefusal)) {
      lastRefusal = problem;
      LOG.log(Level.WARNING, "certificates are kept as they were: " + problem);
    }
    return new CertificateReload.Refused(problem);
  }

  private static String describe(Identities identities) {
    StringBuilder text = new StringBuilder(identities.standard().describe());
    identities.others().forEach(other -> text.append("; ").append(other.describe()));
    return text.toString();
  }

  /** Looks again and again until closed, on the caller's thread. */
  void follow() {
    while (rhythm.next()) {
      reload();
    }
  }

  /** Ends {@link #follow}. */
  void close() {
    rhythm.end();
  }

  /** Whether a browser that is sent here by this name would trust what it is shown. */
  public boolean mayBeTrustedFor(String host) {
    return identities().mayBeTrustedFor(host);
  }
}
