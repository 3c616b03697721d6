package org.bradawl.datapath.secure;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLEngine;
import org.bradawl.datapath.TlsSettings;

/** What all shards share for TLS and DTLS. Safe for threads. */
public final class SecureTransports {

  private final Certificates certificates;
  private final HandshakeDesk desk = new HandshakeDesk();
  private final DtlsCrypto dtls;
  private final int workers;

  /**
   * Reads the certificates.
   *
   * @throws org.bradawl.datapath.ConfigurationProblem if they cannot be used
   */
  public SecureTransports(TlsSettings settings, SecureRandom random) {
    this.certificates = new Certificates(settings, random, InstantSource.system());
    this.dtls = new DtlsCrypto(random);
    // Half of the processors may be busy with strangers, the other half relays.
    this.workers = Math.max(Runtime.getRuntime().availableProcessors() / 2, 1);
  }

  /** What is served, and its reload. */
  public Certificates certificates() {
    return certificates;
  }

  /** Where steps of handshakes wait. */
  public HandshakeDesk desk() {
    return desk;
  }

  /** An engine for one TLS connection, with the certificates of this moment. */
  public SSLEngine tlsEngine() {
    return certificates.served().tls().engine();
  }

  /** What one DTLS session is negotiated with, and the certificates of this moment. */
  public DtlsServer dtlsServer() {
    return new DtlsServer(dtls, certificates.identities());
  }

  /** Cookies of DTLS for one shard. */
  public DtlsCookies dtlsCookies(long nowNanos) {
    return new DtlsCookies(dtls, nowNanos);
  }

  /**
   * Starts what runs beside the shards.
   *
   * @param start starts a thread for a task under a name
   */
  public void start(BiConsumer<Runnable, String> start) {
    for (int i = 0; i < workers; i++) {
      start.accept(desk::work, "bradawl-handshakes-" + i);
    }
    start.accept(certificates::follow, "bradawl-certificates");
  }

  /** Ends what was started. */
  public void close() {
    certificates.close();
    desk.close(workers);
  }
}
