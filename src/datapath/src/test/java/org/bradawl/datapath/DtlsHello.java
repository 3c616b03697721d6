package org.bradawl.datapath;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bradawl.stun.TransportAddress;

/**
 * What a DTLS client says first (RFC 6347 §4.2):
 *
 * <pre>
 *   record: type 1, version 2, epoch 2, sequence 6, length 2
 *   handshake: type 1, length 3, message 2, offset 3, length 3
 *   ClientHello: version 2, random 32, session 1 + n, cookie 1 + n, suites …
 * </pre>
 */
final class DtlsHello {

  private static final int RECORD = 13;
  private static final int HANDSHAKE = 12;

  /** In a HelloVerifyRequest: behind the version is the cookie's length. */
  private static final int COOKIE_ASKED = RECORD + HANDSHAKE + 2;

  private static final int PATIENCE_MILLIS = 5_000;

  private DtlsHello() {}

  /** One without a cookie, as a real client sends it. */
  static byte[] first() throws IOException {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      TransportAddress there =
          TransportAddress.of((InetSocketAddress) server.getLocalSocketAddress());
      Thread client =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  new DtlsWire(there).close();
                } catch (IOException e) {
                  return; // nobody answers it
                }
              });
      DatagramPacket hello = new DatagramPacket(new byte[2048], 2048);
      server.setSoTimeout(PATIENCE_MILLIS);
      server.receive(hello);
      client.interrupt();
      return Arrays.copyOf(hello.getData(), hello.getLength());
    }
  }

  /** The same again with the cookie that the server asks for. */
  static byte[] again(byte[] first, byte[] helloVerifyRequest) {
    int cookie = helloVerifyRequest[COOKIE_ASKED] & 0xFF;
    int sessionAt = RECORD + HANDSHAKE + 2 + 32;
    int cookieAt = sessionAt + 1 + first[sessionAt];
    byte[] hello = new byte[first.length + cookie];
    ByteBuffer out = ByteBuffer.wrap(hello);
    out.put(first, 0, cookieAt);
    out.put(helloVerifyRequest, COOKIE_ASKED, 1 + cookie);
    out.put(first, cookieAt + 1, first.length - cookieAt - 1);
    out.put(10, (byte) 1); // the record's number
    out.putShort(11, (short) (hello.length - RECORD));
    int body = hello.length - RECORD - HANDSHAKE;
    out.putShort(RECORD + 2, (short) body);
    out.putShort(RECORD + 4, (short) 1); // the second message of the handshake
    out.putShort(RECORD + 10, (short) body);
    return hello;
  }
}
