package org.bradawl.benchmarks.signaling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;

/** One connection: its handshake, its frames both ways, and what is expected of them. */
final class Peer {

  /** Receives what a connection has read. */
  interface Listener {
    void frame(Peer peer, byte[] bytes, int from, int to);

    void closed(Peer peer, String why);
  }

  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  final int number;
  long sent;
  long expected;
  long confirmed;

  /** The highest number that has come from the server, and the highest it has been told of. */
  long had;

  long acknowledged;
  boolean registered;
  boolean dead;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
  private boolean upgraded;
  private byte[] rest = new byte[0];

  private byte[] offer = new byte[0];
  private int offerHeader;
  private int digitsAt;
  private int sequenceAt;
  private int sequenceDigits;
  private int acknowledgementAt;

  Peer(int number, InetSocketAddress server, Protocol protocol, Selector selector)
      throws IOException {
    this.number = number;
    channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(server);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
    String request =
        "GET "
            + protocol.target(number)
            + " HTTP/1.1\r\nHost: "
            + server.getHostString()
            + ":"
            + server.getPort()
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Protocol: bradawl.v1\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n";
    write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Makes the frame that this peer sends over and over. */
  void prepare(Protocol protocol, int partner, String sdp) {
    String text = protocol.offer(partner, sdp);
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    offer = Frames.frame(Frames.TEXT, plain);
    offerHeader = Frames.headerLength(plain.length);
    digitsAt = text.indexOf(Protocol.MARK) + Protocol.MARK.length();
    sequenceDigits = protocol.sequenceDigits();
    int ack = text.indexOf("\"ack\":");
    acknowledgementAt = ack < 0 ? -1 : ack + "\"ack\":".length();
    sequenceAt = sequenceDigits == 0 ? -1 : text.indexOf("\"seq\":") + "\"seq\":".length();
  }

  int offerLength() {
    return offer.length - offerHeader;
  }

  /** Sends the next offer, due at {@code dueMicros}. */
  void sendOffer(long dueMicros) throws IOException {
    number(digitsAt, Protocol.DIGITS, dueMicros, '0');
    number(digitsAt + Protocol.DIGITS + 1, Protocol.DIGITS, sent, '0');
    sent++;
    if (sequenceAt >= 0) {
      number(sequenceAt, sequenceDigits, sent, ' ');
    }
    if (acknowledgementAt >= 0) {
      number(acknowledgementAt, sequenceDigits, had, ' ');
      acknowledged = had;
    }
    ByteBuffer frame = ByteBuffer.wrap(offer);
    write(waiting.isEmpty() ? frame : ByteBuffer.wrap(offer.clone()));
    if (frame.hasRemaining()) {
      offer = offer.clone();
    }
  }

  private void number(int at, int digits, long value, char padding) {
    long left = value;
    for (int i = digits - 1; i >= 0; i--) {
      boolean pad = left == 0 && i < digits - 1;
      Frames.put(offer, offerHeader, at + i, pad ? padding : '0' + (int) (left % 10));
      left /= 10;
    }
  }

  void send(String text) throws IOException {
    write(ByteBuffer.wrap(Frames.text(text)));
  }

  private void write(ByteBuffer bytes) throws IOException {
    if (waiting.isEmpty()) {
      channel.write(bytes);
    }
    if (bytes.hasRemaining()) {
      waiting.add(bytes);
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  /** The socket takes more. */
  void writable() throws IOException {
    while (!waiting.isEmpty()) {
      ByteBuffer first = waiting.element();
      channel.write(first);
      if (first.hasRemaining()) {
        return;
      }
      waiting.remove();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  /** The socket has something. */
  void readable(byte[] shared, Listener listener) throws IOException {
    System.arraycopy(rest, 0, shared, 0, rest.length);
    ByteBuffer free = ByteBuffer.wrap(shared, rest.length, shared.length - rest.length);
    int read = channel.read(free);
    if (read < 0) {
      close();
      listener.closed(this, "end of stream");
      return;
    }
    int end = rest.length + read;
    int at = upgraded ? 0 : afterHead(shared, end);
    if (at >= 0) {
      at = frames(shared, at, end, listener);
    }
    rest = Arrays.copyOfRange(shared, Math.max(0, at), end);
  }

  private int afterHead(byte[] bytes, int end) throws IOException {
    int head = Protocol.find(bytes, 0, end, END_OF_HEAD);
    if (head < 0) {
      return -1;
    }
    String status = new String(bytes, 0, Math.min(head, 12), StandardCharsets.US_ASCII);
    if (!status.equals("HTTP/1.1 101")) {
      throw new IOException("the server answered " + status);
    }
    upgraded = true;
    return head + END_OF_HEAD.length;
  }

  private int frames(byte[] bytes, int start, int end, Listener listener) throws IOException {
    int at = start;
    while (end - at >= 2) {
      int length = bytes[at + 1] & 0x7f;
      int header = 2;
      if (length == 126) {
        if (end - at < 4) {
          break;
        }
        length = (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
        header = 4;
      }
      if (end - at < header + length) {
        break;
      }
      int from = at + header;
      at = from + length;
      switch (bytes[from - header] & 0x0f) {
        case Frames.TEXT -> listener.frame(this, bytes, from, at);
        case Frames.PING ->
            write(ByteBuffer.wrap(Frames.frame(Frames.PONG, Arrays.copyOfRange(bytes, from, at))));
        case Frames.CLOSE -> {
          close();
          listener.closed(this, "closed by the server");
          return end;
        }
        default -> {}
      }
    }
    return at;
  }

  void close() {
    dead = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
