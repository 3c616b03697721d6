package org.bradawl.tests.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A peer at {@code /signal/v1} on a bare socket, which can do what a well-behaved WebSocket library
 * cannot: not read, vanish in the middle, send what it should not. Every text frame it reads goes
 * to a check.
 */
public final class WirePeer implements AutoCloseable {

  /** Generous, for a loaded machine: nothing waits this long when all is well. */
  private static final int PATIENCE_MILLIS = 30_000;

  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final byte[] MASK = {0x11, 0x5a, 0x33, 0x7c};
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Socket socket;
  private final DataInputStream in;
  private final Consumer<String> check;

  private WirePeer(Socket socket, Consumer<String> check) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.check = check;
  }

  /**
   * Connects and upgrades.
   *
   * @param query what follows the question mark
   * @param subprotocol what to offer; empty to offer none
   * @param check is given every text frame that is read
   */
  public static WirePeer connect(String query, String subprotocol, Consumer<String> check) {
    return connect(query, subprotocol, 0, check);
  }

  /**
   * As the other, with a receive buffer of a size.
   *
   * @param receiveBuffer in bytes; 0 for the system's
   */
  public static WirePeer connect(
      String query, String subprotocol, int receiveBuffer, Consumer<String> check) {
    URI http = RunningServer.get().address();
    try {
      Socket socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(http.getHost(), http.getPort()));
      WirePeer peer = new WirePeer(socket, check);
      peer.upgrade(http.getAuthority(), query, subprotocol);
      return peer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void upgrade(String host, String query, String subprotocol) throws IOException {
    String offer = subprotocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
    String request =
        "GET /signal/v1?"
            + query
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + offer
            + "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new AssertionError("not upgraded: " + head);
    }
  }

  /** Sends a text frame. */
  public void say(String text) {
    send(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Starts the closing handshake with this code. */
  public void sendClose(int code) {
    send(0x8, new byte[] {(byte) (code >>> 8), (byte) code});
  }

  /** Sends a binary frame. */
  public void sendBinary(byte[] bytes) {
    send(BINARY, bytes);
  }

  /** Sends the same text frame a number of times, all of them in one piece. */
  public void say(String text, int times) {
    byte[] frame = frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    ByteBuffer together = ByteBuffer.allocate(times * frame.length);
    for (int i = 0; i < times; i++) {
      together.put(frame);
    }
    write(together.array());
  }

  private void send(int opcode, byte[] payload) {
    write(frame(opcode, payload));
  }

  private void write(byte[] frames) {
    try {
      socket.getOutputStream().write(frames);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] frame(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    frame.put((byte) (0x80 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 65_536) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i & 3]));
    }
    return Arrays.copyOf(frame.array(), frame.position());
  }

  /** What was read from the socket. */
  public sealed interface Heard {
    /** A text frame. */
    record Text(JsonNode frame) implements Heard {}

    /** A close frame; 1005 if it names no code. */
    record Close(int code) implements Heard {}

    /** The connection ended. */
    record End() implements Heard {}
  }

  /** Reads the next frame, waiting for it. */
  public Heard read() {
    try {
      int opcode = in.readUnsignedByte() & 0x0f;
      byte[] payload = new byte[length()];
      in.readFully(payload);
      if (opcode == CLOSE) {
        return new Heard.Close(
            payload.length < 2 ? 1005 : Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort()));
      }
      if (opcode != TEXT) {
        throw new AssertionError("a frame of type " + opcode);
      }
      String text = new String(payload, StandardCharsets.UTF_8);
      check.accept(text);
      return new Heard.Text(parse(text));
    } catch (EOFException | SocketException e) {
      return new Heard.End();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int length() throws IOException {
    int length = in.readUnsignedByte();
    return switch (length) {
      case 126 -> in.readUnsignedShort();
      case 127 -> Math.toIntExact(in.readLong());
      default -> length;
    };
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /** The next text frame; fails on anything else. */
  public JsonNode hear() {
    if (read() instanceof Heard.Text(JsonNode frame)) {
      return frame;
    }
    throw new AssertionError("the server closed the connection");
  }

  /** The next text frame of a type; those before it are passed over. */
  public JsonNode hear(String type) {
    JsonNode frame = hear();
    while (!frame.path("type").asText().equals(type)) {
      frame = hear();
    }
    return frame;
  }

  /** Reads to the end: the reason of the {@code closing} frame and the code of the close frame. */
  public String goodbye() {
    Optional<String> reason = Optional.empty();
    while (true) {
      switch (read()) {
        case Heard.Text(JsonNode frame) -> {
          if (frame.path("type").asText().equals("closing")) {
            reason = Optional.of(frame.path("reason").asText());
          }
        }
        case Heard.Close(int code) -> {
          return reason.orElse("nothing said") + " " + code;
        }
        case Heard.End() -> {
          return reason.orElse("nothing said") + " without a close frame";
        }
      }
    }
  }

  /** Breaks the connection at once: the other end sees a reset, and what is under way is lost. */
  public void vanish() {
    try {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    vanish();
  }
}
