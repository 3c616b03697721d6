package org.bradawl.datapath;

import java.util.EnumMap;
import java.util.Map;
import org.bradawl.datapath.SecureStatistics.Failure;

/** What one shard counts of TLS and DTLS. Plain fields of its thread. */
public final class SecureCounters {

  private final Map<Failure, long[]> failures = new EnumMap<>(Failure.class);
  private long tlsHandshakes;
  private long dtlsHandshakes;
  private int tlsSessions;
  private int dtlsSessions;
  private long cookies;

  /** Counters at zero. */
  SecureCounters() {
    for (Failure cause : Failure.values()) {
      failures.put(cause, new long[1]);
    }
  }

  /** A TLS session began. */
  public void tlsBegan() {
    tlsHandshakes++;
    tlsSessions++;
  }

  /** A TLS session ended. */
  public void tlsEnded() {
    tlsSessions--;
  }

  /** A DTLS session began. */
  public void dtlsBegan() {
    dtlsHandshakes++;
    dtlsSessions++;
  }

  /** A DTLS session ended. */
  public void dtlsEnded() {
    dtlsSessions--;
  }

  /** A DTLS client was asked for a cookie. */
  public void cookieSent() {
    cookies++;
  }

  /** A handshake or a session failed. */
  public void failed(Failure cause) {
    failures.computeIfAbsent(cause, unseen -> new long[1])[0]++;
  }

  SecureStatistics snapshot() {
    Map<Failure, Long> copy = new EnumMap<>(Failure.class);
    failures.forEach((cause, count) -> copy.put(cause, count[0]));
    return new SecureStatistics(
        tlsHandshakes, dtlsHandshakes, tlsSessions, dtlsSessions, cookies, Map.copyOf(copy));
  }
}
