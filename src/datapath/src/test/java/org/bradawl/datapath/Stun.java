package org.bradawl.datapath;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.attribute.Attribute;

/** STUN messages as bytes. */
final class Stun {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Stun() {}

  static byte[] binding(Attribute... attributes) {
    StunMessage.Builder request =
        StunMessage.request(Method.Known.BINDING, TransactionId.random(RANDOM));
    for (Attribute attribute : attributes) {
      request.add(attribute);
    }
    ByteBuffer encoded = Encoder.PLAIN.encode(request.build());
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}
