package org.bradawl.agent.portmapping;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * The Port Control Protocol (RFC 6887), its MAP opcode.
 *
 * <pre>
 *   2 | opcode | 0 | seconds | our address (16)
 *     nonce (12) | 17 | 0 | internal | suggested external | suggested address (16)
 *   → 2 | 128+opcode | 0 | result | seconds | epoch | 0 (12)
 *     nonce (12) | 17 | 0 | internal | external | external address (16)
 * </pre>
 */
final class Pcp implements Protocol {

  private static final int ANNOUNCE = 0;
  private static final int MAP = 1;
  private static final int UDP = 17;
  private static final int HEADER = 24;
  private static final int BODY = 36;

  private final InetSocketAddress router;
  private final IpAddress self;
  private final long nonceHigh;
  private final int nonceLow;

  Pcp(InetSocketAddress router, IpAddress self, RandomGenerator random) {
    this.router = router;
    this.self = self;
    this.nonceHigh = random.nextLong();
    this.nonceLow = random.nextInt();
  }

  @Override
  public boolean isSpoken() {
    try {
      ask(bytes(header(ANNOUNCE, Duration.ZERO, HEADER)), HEADER);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private ByteBuffer header(int opcode, Duration lifetime, int length) {
    ByteBuffer message = ByteBuffer.allocate(length);
    message.put((byte) 2).put((byte) opcode).putShort((short) 0);
    message.putInt((int) lifetime.toSeconds());
    return putAddress(message, self);
  }

  /** IPv4 goes as IPv4-mapped IPv6 (RFC 6887 §5). */
  private static ByteBuffer putAddress(ByteBuffer message, IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> message.putLong(0).putShort((short) 0).putShort((short) -1).put(address.bytes());
      case IPV6 -> message.put(address.bytes());
    };
  }

  private ByteBuffer ask(byte[] question, int length) throws IOException {
    ByteBuffer answer = Question.ask(router, question, length);
    int result = Byte.toUnsignedInt(answer.get(3));
    if (result != 0) {
      throw new IOException("the router refuses by PCP: result " + result);
    }
    return answer;
  }

  private static byte[] bytes(ByteBuffer message) {
    byte[] bytes = new byte[message.capacity()];
    message.get(0, bytes);
    return bytes;
  }

  private ByteBuffer map(int port, Duration lifetime) throws IOException {
    ByteBuffer request = header(MAP, lifetime, HEADER + BODY);
    request.putLong(nonceHigh).putInt(nonceLow).put((byte) UDP);
    request.position(request.position() + 3);
    request.putShort((short) port).putShort((short) port);
    putAddress(request, any());
    ByteBuffer answer = ask(bytes(request), HEADER + BODY);
    // RFC 6887 §11.4: an answer with another nonce is about somebody else's mapping.
    if (answer.getLong(HEADER) != nonceHigh || answer.getInt(HEADER + 8) != nonceLow) {
      throw new IOException("the router answers somebody else's question");
    }
    return answer;
  }

  private IpAddress any() {
    return switch (self.family()) {
      case IPV4 -> IpAddress.v4(0);
      case IPV6 -> IpAddress.v6(0, 0);
    };
  }

  @Override
  public Mapping open(int port, Duration lifetime) throws IOException {
    ByteBuffer answer = map(port, lifetime);
    IpAddress external =
        IpAddress.v6(answer.getLong(HEADER + 20), answer.getLong(HEADER + 28)).unmapped();
    int externalPort = Short.toUnsignedInt(answer.getShort(HEADER + 18));
    return new Mapping(
        new TransportAddress(external, externalPort),
        Duration.ofSeconds(Integer.toUnsignedLong(answer.getInt(4))));
  }

  @Override
  public void close(int port) throws IOException {
    map(port, Duration.ZERO);
  }
}
