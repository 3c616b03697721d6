package org.bradawl.tests.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that send their first frame before the server has answered their request. */
class HastyClientTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** More than the container has threads for requests, each of which one client could hold. */
  private static final int CLIENTS = 70;

  private static final byte[] PING = "{\"type\":\"ping\"}".getBytes(US_ASCII);

  @Test
  void areHeard() throws IOException {
    for (int client = 0; client < CLIENTS; client++) {
      try (Socket socket = asked("hasty-" + client)) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(status(in)).as("client %d", client).contains(" 101 ");
        assertThat(text(in)).contains("\"type\":\"welcome\"");
        assertThat(text(in)).contains("\"type\":\"pong\"");
      }
    }
  }

  private static Socket asked(String peer) throws IOException {
    URI server = RunningServer.get().address();
    Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    String request =
        """
        GET /signal/v1?peer=%s&token=%s HTTP/1.1
        Host: 127.0.0.1:%d
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Protocol: bradawl.v1

        """
            .formatted(peer, RunningServer.CHAT_KEY, server.getPort())
            .replace("\n", "\r\n");
    ByteArrayOutputStream together = new ByteArrayOutputStream();
    together.write(request.getBytes(US_ASCII));
    together.write(maskedWithZeros(PING));
    socket.getOutputStream().write(together.toByteArray());
    return socket;
  }

  /** RFC 6455 §5.2: a whole text, short enough for one byte of length. */
  private static byte[] maskedWithZeros(byte[] text) {
    byte[] frame = new byte[6 + text.length];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | text.length);
    System.arraycopy(text, 0, frame, 6, text.length);
    return frame;
  }

  private static String status(DataInputStream in) throws IOException {
    StringBuilder headers = new StringBuilder();
    while (headers.indexOf("\r\n\r\n") < 0) {
      headers.append((char) in.readUnsignedByte());
    }
    return headers.substring(0, headers.indexOf("\r\n"));
  }

  private static String text(DataInputStream in) throws IOException {
    assertThat(in.readUnsignedByte()).isEqualTo(0x81);
    int length = in.readUnsignedByte();
    return new String(in.readNBytes(length == 126 ? in.readUnsignedShort() : length), UTF_8);
  }
}
