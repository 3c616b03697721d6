package org.bradawl.agent.portmapping;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * NAT-PMP (RFC 6886).
 *
 * <pre>
 *   address?  0 | 0                                     →  0 | 128 | result | epoch | address
 *   map UDP   0 | 1 | 0 | internal | external | seconds →  0 | 129 | result | epoch | internal | external | seconds
 * </pre>
 */
final class NatPmp implements Protocol {

  private final InetSocketAddress router;

  NatPmp(InetSocketAddress router) {
    this.router = router;
  }

  @Override
  public boolean isSpoken() {
    try {
      return !externalAddress().isAny();
    } catch (IOException e) {
      return false;
    }
  }

  private IpAddress externalAddress() throws IOException {
    return IpAddress.v4(ask(new byte[] {0, 0}, 12).getInt(8));
  }

  private ByteBuffer ask(byte[] question, int length) throws IOException {
    ByteBuffer answer = Question.ask(router, question, length);
    int result = Short.toUnsignedInt(answer.getShort(2));
    if (result != 0) {
      throw new IOException("the router refuses by NAT-PMP: result " + result);
    }
    return answer;
  }

  @Override
  public Mapping open(int port, Duration lifetime) throws IOException {
    ByteBuffer answer = ask(request(port, port, lifetime), 16);
    int external = Short.toUnsignedInt(answer.getShort(10));
    return new Mapping(
        new TransportAddress(externalAddress(), external),
        Duration.ofSeconds(Integer.toUnsignedLong(answer.getInt(12))));
  }

  @Override
  public void close(int port) throws IOException {
    // RFC 6886 §3.4: neither an external port nor a lifetime.
    ask(request(port, 0, Duration.ZERO), 16);
  }

  private static byte[] request(int internal, int external, Duration lifetime) {
    return ByteBuffer.allocate(12)
        .put((byte) 0)
        .put((byte) 1)
        .putShort((short) 0)
        .putShort((short) internal)
        .putShort((short) external)
        .putInt((int) lifetime.toSeconds())
        .array();
  }
}
