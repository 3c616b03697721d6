package org.bradawl.stun.attribute;

import java.util.Optional;
import org.bradawl.stun.Bytes;

/**
 * RESPONSE-PORT (RFC 5780 §7.5): the port of the client that the answer should go to. Two bytes of
 * port and two of padding, which not everybody counts in the length.
 *
 * @param port 0 to 65535
 */
public record ResponsePort(int port) implements Attribute {

  static final AttributeCodec<ResponsePort> CODEC =
      AttributeCodec.of(
          0x0027,
          "RESPONSE-PORT",
          ResponsePort.class,
          2,
          4,
          value -> Optional.of(new ResponsePort(value.u16(0))),
          attribute -> Bytes.ofInt(attribute.port << 16));

  /** Rejects what does not fit 16 bits. */
  public ResponsePort {
    if (port >>> 16 != 0) {
      throw new IllegalArgumentException("a port lies between 0 and 65535, not " + port);
    }
  }

  @Override
  public int type() {
    return CODEC.type();
  }
}
