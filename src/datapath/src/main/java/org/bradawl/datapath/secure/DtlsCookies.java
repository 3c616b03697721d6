package org.bradawl.datapath.secure;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bradawl.stun.TransportAddress;

/**
 * Asks each client to show that it is where it says (RFC 6347 §4.2.1), and remembers nothing of
 * those that have not: a cookie is an HMAC over the client's address and its ClientHello. Belongs
 * to one shard.
 */
public final class DtlsCookies {

  /** A captured cookie is good for one to two of these; a slow client needs a few seconds. */
  private static final long RENEW_AFTER = Duration.ofMinutes(1).toNanos();

  private static final DatagramSender NOBODY =
      new DatagramSender() {
        @Override
        public int getSendLimit() {
          return Integer.MAX_VALUE;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {}
      };

  private final TlsCrypto crypto;
  private DTLSVerifier current;
  private DTLSVerifier previous;
  private long renewAt;

  DtlsCookies(TlsCrypto crypto, long nowNanos) {
    this.crypto = crypto;
    this.current = new DTLSVerifier(crypto);
    this.previous = current;
    this.renewAt = nowNanos + RENEW_AFTER;
  }

  /**
   * Looks at a datagram that belongs to no handshake.
   *
   * @param challenge takes the HelloVerifyRequest, if one is due
   * @return the ClientHello, if it carries its sender's cookie
   */
  public Optional<DTLSRequest> check(
      TransportAddress client, byte[] datagram, DatagramSender challenge, long nowNanos) {
    if (renewAt - nowNanos <= 0) {
      previous = current;
      current = new DTLSVerifier(crypto);
      renewAt = nowNanos + RENEW_AFTER;
    }
    byte[] who = identity(client);
    DTLSRequest known = previous.verifyRequest(who, datagram, 0, datagram.length, NOBODY);
    return Optional.ofNullable(
        known != null
            ? known
            : current.verifyRequest(who, datagram, 0, datagram.length, challenge));
  }

  private static byte[] identity(TransportAddress client) {
    return ByteBuffer.allocate(19)
        .put((byte) client.address().family().code())
        .putLong(client.address().high())
        .putLong(client.address().low())
        .putShort((short) client.port())
        .array();
  }
}
