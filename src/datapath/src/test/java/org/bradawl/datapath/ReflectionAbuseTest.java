package org.bradawl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.Padding;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ResponseAddress;
import org.bradawl.stun.attribute.ResponsePort;
import org.bradawl.tests.support.Requires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The server as a weapon against others: spoofed sources, answers sent elsewhere. */
@ParameterizedClass
@EnumSource(EngineUnderTest.class)
@Timeout(120)
class ReflectionAbuseTest {

  /**
   * The stated factor, in UDP payload: the most that a stranger gets for the 20 bytes of the least
   * request. A challenge has a realm, a nonce and the password algorithms.
   */
  private static final int MOST_FOR_LEAST = 7;

  private static final int SOURCES = 100_000;

  /** What the tests' own garbage and the collector's moods may account for. */
  private static final long HEAP_NOISE = 16 << 20;

  private final EngineUnderTest engine;

  ReflectionAbuseTest(EngineUnderTest engine) {
    this.engine = engine;
  }

  /** Binding is in EngineContract; this is the request that could cost state: Allocate. */
  @Test
  void spoofedAllocatesLeaveNothingBehind() throws Exception {
    Requires.linux();
    try (TestRelay relay = engine.relay("bradawl.turn.rate.exempt=none")) {
      byte[] request = request(Method.Known.ALLOCATE, udp());
      Stun.fromEverywhere(relay.server(), request, 2_000);
      long descriptors = Descriptors.open();
      long memory = Memory.used();
      DatapathStatistics before = relay.datapath().statistics();

      Stun.fromEverywhere(relay.server(), request, SOURCES);

      assertThat(Memory.used() - memory).isLessThan(HEAP_NOISE);
      Descriptors.fallTo(descriptors + 5);
      assertThat(relay.datapath().allocations()).isEmpty();
      DatapathStatistics after = relay.datapath().statistics();
      assertThat(after.bytesOut() - before.bytesOut())
          .isLessThanOrEqualTo(MOST_FOR_LEAST * (after.bytesIn() - before.bytesIn()));
      assertThat(after.faults()).isZero();
      try (TurnClient client = relay.udp()) {
        client.allocate();
      }
    }
  }

  /** Every request a stranger can make; what comes back is bounded by what was sent. */
  @Test
  void answersAreNeverLargerThanStated() throws Exception {
    try (TestRelay relay = engine.relay("bradawl.listen.alternate-address=127.0.0.2");
        ClientWire.Udp wire = wire(relay)) {
      // RFC 8656 §17, RFC 6062 §6.1: three exist as indications only; RFC 5389 has no Shared
      // Secret.
      for (Method method :
          EnumSet.complementOf(
              EnumSet.of(
                  Method.Known.SEND,
                  Method.Known.DATA,
                  Method.Known.CONNECTION_ATTEMPT,
                  Method.Known.SHARED_SECRET))) {
        assertFactor(wire, request(method));
        assertFactor(wire, request(method, udp()));
      }
      for (int padding : List.of(0, 4, 100, 1000, 1400)) {
        byte[] request =
            request(Method.Known.BINDING, new Padding(Bytes.owning(new byte[padding])));
        wire.send(request);
        int answer = wire.receive(EngineContract.SOON).orElseThrow().length;
        assertThat(answer).isLessThanOrEqualTo(request.length + 100);
      }
    }
  }

  private static void assertFactor(ClientWire wire, byte[] request) throws IOException {
    wire.send(request);
    byte[] answer = wire.receive(EngineContract.SOON).orElseThrow();
    assertThat(answer.length).isLessThanOrEqualTo(MOST_FOR_LEAST * request.length);
  }

  /** What is sent to a port that did not ask is a plain answer, never padded. */
  @Test
  void redirectedAnswersAreNeverLargerThanStated() throws Exception {
    try (TestRelay relay = engine.relay("bradawl.listen.alternate-address=127.0.0.2");
        ClientWire.Udp wire = wire(relay);
        Canary victim = new Canary()) {
      ResponsePort there = new ResponsePort(victim.port());
      byte[] padded =
          request(Method.Known.BINDING, there, new Padding(Bytes.owning(new byte[1400])));
      wire.send(padded);
      assertThat(code(wire.receive(EngineContract.SOON).orElseThrow())).isEqualTo(400);
      victim.assertSilence();

      byte[] plain = request(Method.Known.BINDING, there, new ChangeRequest(true, true));
      wire.send(plain);
      assertThat(victim.heard(EngineContract.SOON).orElseThrow())
          .hasSizeLessThanOrEqualTo(4 * plain.length);
    }
  }

  /** RFC 3489 let a client name any address for the answer. */
  @Test
  void nobodyElsesAddressIsEverAnswered() throws Exception {
    try (TestRelay relay = engine.relay("bradawl.listen.alternate-address=127.0.0.2");
        ClientWire.Udp wire = wire(relay);
        Canary victim = new Canary()) {
      TransactionId classic = new TransactionId(0x0123456789abcdefL, 42);
      StunMessage request =
          StunMessage.request(Method.Known.BINDING, classic)
              .add(new ResponseAddress(victim.at("127.0.0.1")))
              .build();
      wire.send(bytes(request));
      assertThat(code(wire.receive(EngineContract.SOON).orElseThrow())).isEqualTo(420);
      victim.assertSilence();
    }
  }

  private static ClientWire.Udp wire(TestRelay relay) throws IOException {
    return new ClientWire.Udp(
        new TransportAddress(IpAddress.parse("127.0.0.1"), 0), relay.server());
  }

  private static int code(byte[] answer) {
    return TurnClient.error((StunMessage) Decoder.decode(ByteBuffer.wrap(answer)));
  }

  private static Attribute udp() {
    return new RequestedTransport(RequestedTransport.UDP);
  }

  private static byte[] request(Method method, Attribute... attributes) {
    return bytes(
        StunMessage.request(method, TransactionId.random(new java.security.SecureRandom()))
            .addAll(List.of(attributes))
            .build());
  }

  private static byte[] bytes(StunMessage message) {
    ByteBuffer encoded = Encoder.PLAIN.encode(message);
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}
