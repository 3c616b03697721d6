package org.bradawl.datapath;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;

/** STUN messages as bytes, and a way to say them in many names. */
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

  /** Sends the same from that many addresses of 127.0.0.0/8, as who forges its own would. */
  static void fromEverywhere(TransportAddress server, byte[] datagram, int sources)
      throws IOException {
    for (int i = 0; i < sources; i++) {
      IpAddress source = IpAddress.v4(0x7f10_0000 + i);
      try (DatagramSocket socket = new DatagramSocket(0, source.toInetAddress())) {
        socket.send(new DatagramPacket(datagram, datagram.length, server.toSocketAddress()));
      }
    }
  }
}
