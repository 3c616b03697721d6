package org.bradawl.tests.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Username;

/**
 * A native peer as {@code webapp/protocol/native-peers.md} describes it, scripted: a UDP socket and
 * a signaling connection, on which a test says what it likes.
 */
public final class NativePeer implements AutoCloseable {

  /** On loopback nothing takes this long but on a machine that is busy elsewhere. */
  private static final int PATIENCE_MILLIS = 10_000;

  private static final String ICE = "\"ice\":{\"ufrag\":\"%s\",\"pwd\":\"%s0123456789012345\"}";

  private final String name;
  private final DatagramSocket socket;
  private final SecureRandom random = new SecureRandom();
  private WirePeer wire;
  private String resume;

  private NativePeer(String name, WirePeer wire, DatagramSocket socket) {
    this.name = name;
    this.wire = wire;
    this.socket = socket;
    this.resume = wire.hear("welcome").path("resume").asText();
  }

  /**
   * Comes in.
   *
   * @param check is given every frame that it hears
   */
  public static NativePeer enter(String name, Consumer<String> check) {
    try {
      return new NativePeer(
          name,
          WirePeer.connect(
              "token=" + RunningServer.CHAT_KEY + "&peer=" + name, "bradawl.v1", check),
          new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Where its socket is. */
  public String endpoint() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Says something. */
  public void say(String frame) {
    wire.say(frame);
  }

  /** Hears the next frame of a type; probes on the way are answered. */
  public JsonNode hear(String type) {
    JsonNode frame = hearAny();
    while (!frame.path("type").asText().equals(type)) {
      frame = hearAny();
    }
    return frame;
  }

  /** Hears the next frame; a probe is answered too. */
  public JsonNode hearAny() {
    JsonNode frame = wire.hear();
    if (frame.path("type").asText().equals("probe")) {
      say("{\"type\":\"echo\",\"probe\":" + frame.path("probe").asLong() + "}");
    }
    return frame;
  }

  /**
   * Introduces itself, shows its socket to STUN, and waits until the server says it has seen it.
   */
  public JsonNode introduce(String gateway) {
    say(
        "{\"type\":\"host\",\"id\":\"h\",\"hosts\":[\"%s\"],\"gateway\":\"%s\"}"
            .formatted(endpoint(), gateway));
    JsonNode observed = hear("observed");
    Username key = new Username(observed.path("key").asText());
    Nonce nonce = ask(key, Optional.empty()).first(Nonce.class).orElseThrow();
    ask(key, Optional.of(nonce));
    while (!observed.path("udp").asText().equals(endpoint())) {
      observed = hear("observed");
    }
    return observed;
  }

  private StunMessage ask(Username key, Optional<Nonce> nonce) {
    StunMessage.Builder request =
        StunMessage.request(Method.Known.BINDING, TransactionId.random(random)).add(key);
    nonce.ifPresent(request::add);
    ByteBuffer bytes = Encoder.PLAIN.encode(request.build());
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    send(RunningServer.get().turn(), copy);
    return Decoder.decode(ByteBuffer.wrap(receive())) instanceof StunMessage answer
        ? answer
        : fail();
  }

  private static StunMessage fail() {
    throw new AssertionError("no STUN message");
  }

  /** Tells what its NAT is like. */
  public JsonNode report(String mapping, String filtering, String seenAt) {
    say(
        """
        {"type":"nat-report","id":"r","report":{"udp":true,"mapping":"%s","filtering":"%s",\
        "portAllocation":{"kind":"preserving","confidence":1.0},"publicEndpoints":["%s"],\
        "localEndpoints":["%s"]}}\
        """
            .formatted(mapping, filtering, seenAt, endpoint()));
    return hear("report-taken");
  }

  /** Asks for a connection; the answer is connecting or connect-refused. */
  public void connect(String peer) {
    say(
        "{\"type\":\"connect\",\"id\":\"c\",\"peer\":\"%s\",%s,\"data\":{\"from\":\"%s\"}}"
            .formatted(peer, ICE.formatted(name, name), name));
  }

  /** Takes an invitation. */
  public void accept(String traversal) {
    say(
        "{\"type\":\"accept\",\"traversal\":\"%s\",%s,\"data\":{\"from\":\"%s\"}}"
            .formatted(traversal, ICE.formatted(name, name), name));
  }

  /** Says how it ended. */
  public void done(String traversal, String result, int step, int millis) {
    say(
        """
        {"type":"done","traversal":"%s","result":"%s","step":%d,"millis":%d,"local":"%s"}\
        """
            .formatted(traversal, result, step, millis, endpoint()));
  }

  /** Sends a datagram to another. */
  public void send(String to, String text) {
    int colon = to.lastIndexOf(':');
    send(
        new InetSocketAddress(
            InetAddress.ofLiteral(to.substring(0, colon)),
            Integer.parseInt(to.substring(colon + 1))),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private void send(InetSocketAddress to, byte[] bytes) {
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next datagram. */
  public byte[] receive() {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.receive(packet);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] bytes = new byte[packet.getLength()];
    System.arraycopy(packet.getData(), 0, bytes, 0, bytes.length);
    return bytes;
  }

  /** Loses the connection, and comes back into the same session. */
  public void loseConnectionAndReturn(Consumer<String> check) {
    wire.vanish();
    wire =
        WirePeer.connect(
            "token=%s&peer=%s&resume=%s&received=0".formatted(RunningServer.CHAT_KEY, name, resume),
            "bradawl.v1",
            check);
    JsonNode welcome = wire.hear("welcome");
    if (!welcome.path("resumed").asBoolean()) {
      throw new AssertionError("a new session: " + welcome);
    }
    resume = welcome.path("resume").asText();
  }

  /** Leaves for good. */
  public void leave() {
    say("{\"type\":\"bye\"}");
  }

  @Override
  public void close() {
    wire.close();
    socket.close();
  }
}
