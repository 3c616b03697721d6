package org.bradawl.datapath;

import java.util.EnumMap;
import java.util.Map;

/**
 * What became of TLS and DTLS.
 *
 * @param tlsHandshakes completed
 * @param dtlsHandshakes completed
 * @param tlsSessions open now
 * @param dtlsSessions open now
 * @param cookiesSent DTLS clients asked to show that they are where they say (RFC 6347 §4.2.1)
 * @param failures by cause; every cause has a count
 */
public record SecureStatistics(
    long tlsHandshakes,
    long dtlsHandshakes,
    int tlsSessions,
    int dtlsSessions,
    long cookiesSent,
    Map<Failure, Long> failures) {

  /** Why a secured session did not begin, or ended badly. */
  public enum Failure {
    /** What came first was no TLS or DTLS. */
    NOT_TLS,
    /** No common version, cipher or protocol (ALPN), or the client refused our certificate. */
    HANDSHAKE_REFUSED,
    /** The client went away, was too slow, or made room for others during its handshake. */
    HANDSHAKE_ABANDONED,
    /** Too many handshakes at once. */
    OVERLOADED,
    /** A session was broken by something that its keys did not fit, or by a new handshake. */
    SESSION_BROKEN,
    /** Something else was wanted than the client had said by ALPN (RFC 7443). */
    NOT_NEGOTIATED
  }

  /** Nothing done. */
  public static final SecureStatistics NONE = new SecureStatistics(0, 0, 0, 0, 0, Map.of());

  /** Both together. */
  public SecureStatistics plus(SecureStatistics other) {
    Map<Failure, Long> sum = new EnumMap<>(Failure.class);
    for (Failure cause : Failure.values()) {
      sum.put(cause, failed(cause) + other.failed(cause));
    }
    return new SecureStatistics(
        tlsHandshakes + other.tlsHandshakes,
        dtlsHandshakes + other.dtlsHandshakes,
        tlsSessions + other.tlsSessions,
        dtlsSessions + other.dtlsSessions,
        cookiesSent + other.cookiesSent,
        Map.copyOf(sum));
  }

  /** How often it failed for this cause. */
  public long failed(Failure cause) {
    return failures.getOrDefault(cause, 0L);
  }
}
