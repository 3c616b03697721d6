package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.PEER;
import static org.bradawl.turn.server.Bench.REALM;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.PasswordHash;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.Wire;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.Realm;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.Software;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.UnknownAttributes;
import org.bradawl.stun.attribute.Username;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.Recorder.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 8489 asks of every server and no test of one procedure shows. */
class Rfc8489Test {

  private static final IntegrityKey KEY =
      IntegrityKey.longTerm(PasswordHash.MD5, "alice", REALM, "wonderland");
  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);

  private static final List<Method.Known> ANSWERED =
      List.of(
          Method.Known.BINDING,
          Method.Known.ALLOCATE,
          Method.Known.REFRESH,
          Method.Known.CREATE_PERMISSION,
          Method.Known.CHANNEL_BIND);

  private final Bench bench = new Bench();

  /** §5. */
  @Test
  void everyAnswerHasTheIdOfItsRequest() {
    for (Method.Known method : ANSWERED) {
      TransactionId id = TransactionId.random(new Random(method.code()));
      StunMessage request = StunMessage.request(method, id).build();
      StunMessage answer = Bench.response(bench.fromClient(ALICE, Encoder.PLAIN.encode(request)));
      assertThat(answer.transactionId()).as("%s", method).isEqualTo(id);
      assertThat(answer.method()).isEqualTo(method);
    }
  }

  /** §6.3. */
  @Test
  void whatIsNoMessageGetsNoAnswer() {
    ByteBuffer request = binding();
    for (int length = 0; length < request.remaining(); length++) {
      assertThat(bench.fromClient(ALICE, request.slice(0, length))).isEmpty();
    }
    for (int firstByte = 0x40; firstByte < 0x100; firstByte++) {
      ByteBuffer other = binding().put(0, (byte) firstByte);
      assertThat(bench.fromClient(ALICE, other)).isEmpty();
    }
  }

  /** §6.3: must be ignored. */
  @Test
  void unknownOptionalAttributesAreIgnored() {
    UnknownAttribute[] optional = {
      new UnknownAttribute(0x8fff, Bytes.hex("00")),
      new UnknownAttribute(0xc001, Bytes.EMPTY),
      new UnknownAttribute(0xffff, Bytes.hex("0102030405"))
    };
    assertThat(Bench.code(bench.fromClient(ALICE, binding(optional)))).isZero();
    bench.allocated(ALICE, "alice", optional);
    assertThat(Bench.code(bench.request(ALICE, "alice", Method.Known.REFRESH, optional))).isZero();
  }

  /** §6.3: should be ignored. */
  @Test
  void attributesWithNoBusinessHereAreIgnored() {
    Attribute[] stray = {
      new Software("%n\"\\"), new Lifetime(7), new XorPeerAddress(PEER), new Realm("elsewhere")
    };
    assertThat(Bench.code(bench.fromClient(ALICE, binding(stray)))).isZero();
    bench.allocated(ALICE, "alice", new Software("x"), new XorPeerAddress(PEER));
    assertThat(bench.server.allocations().getFirst().permissions()).isZero();
  }

  /** §6.3.1, and the 420 is as well protected as any answer. */
  @Test
  void anAuthenticRequestWithUnknownAttributesGets420() {
    StunMessage answer =
        Bench.response(
            bench.request(
                ALICE,
                "alice",
                Method.Known.ALLOCATE,
                UDP,
                new UnknownAttribute(0x7001, Bytes.EMPTY),
                new UnknownAttribute(0x7002, Bytes.hex("ff"))));
    assertThat(answer.first(ErrorCode.class).orElseThrow().code()).isEqualTo(420);
    assertThat(answer.first(UnknownAttributes.class).orElseThrow().types())
        .containsExactly(0x7001, 0x7002);
    assertThat(answer.carries(IntegrityAlgorithm.SHA1)).isTrue();
    assertThat(bench.server.allocations()).isEmpty();
  }

  /** §6.3.2. */
  @Test
  void anIndicationWithUnknownAttributesIsDropped() {
    bench.allocated(ALICE, "alice");
    bench.permit(ALICE, "alice", PEER);
    Data data = new Data(Bytes.hex("00"));
    assertThat(send(new XorPeerAddress(PEER), data)).hasSize(1);
    assertThat(send(new XorPeerAddress(PEER), data, new UnknownAttribute(0x0fff, Bytes.EMPTY)))
        .isEmpty();
  }

  /** §9.2.4: nothing that would help to guess the rest. */
  @Test
  void aBadRequestTellsNothing() {
    StunMessage request =
        StunMessage.request(Method.Known.ALLOCATE, bench.freshId())
            .add(UDP)
            .add(new Username("alice"))
            .build();
    StunMessage answer =
        Bench.response(
            bench.fromClient(
                ALICE, Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, KEY).encode(request)));
    assertThat(answer.attributes()).hasSize(1);
    assertThat(answer.first(ErrorCode.class).orElseThrow().code()).isEqualTo(400);
  }

  /** §9.2.4: with MESSAGE-INTEGRITY-SHA256 present a right MESSAGE-INTEGRITY saves nothing. */
  @Test
  void theStrongerIntegrityDecides() {
    ByteBuffer right = bench.signed(ALICE, "alice", Method.Known.REFRESH);
    // A MESSAGE-INTEGRITY-SHA256 of zeros behind it; the MESSAGE-INTEGRITY stays right.
    int length = right.remaining();
    ByteBuffer both = ByteBuffer.allocate(length + 36).put(right.duplicate());
    both.putShort((short) 0x001c).putShort((short) 32).position(0);
    both.putShort(2, (short) (length + 36 - Wire.STUN_HEADER));
    assertThat(Bench.code(bench.fromClient(ALICE, both))).isEqualTo(401);
    assertThat(Bench.code(bench.fromClient(ALICE, right))).isEqualTo(437);
  }

  /** §9.2.4. */
  @Test
  void aProtectedAnswerRepeatsNoCredentials() {
    List<StunMessage> answers = new ArrayList<>();
    answers.add(Bench.response(bench.request(ALICE, "alice", Method.Known.REFRESH)));
    answers.add(Bench.response(bench.allocate(ALICE, "alice")));
    answers.add(Bench.response(bench.request(ALICE, "alice", Method.Known.CREATE_PERMISSION)));
    for (StunMessage answer : answers) {
      assertThat(answer.carries(IntegrityAlgorithm.SHA1)).isTrue();
      assertThat(answer.has(Username.class)).isFalse();
      assertThat(answer.has(Realm.class)).isFalse();
      assertThat(answer.has(Nonce.class)).isFalse();
    }
  }

  /** §14.3. */
  @Test
  void aNameOf763BytesIsRead() {
    String name = "\u00e9".repeat(381) + "x";
    ByteBuffer request =
        bench.signed(ALICE, name, "guess", bench.nonce(ALICE), Method.Known.ALLOCATE, UDP);
    assertThat(Bench.code(bench.fromClient(ALICE, request))).isEqualTo(401);
  }

  /** §14: whatever the request was padded with, and whatever is answered. */
  @ParameterizedTest
  @ValueSource(strings = {"", "1", "12", "123", "1234", "12345"})
  void paddingThatIsNotZeroDoesNotMatter(String software) {
    ByteBuffer request = binding(new Software(software + "."));
    int end = Wire.STUN_HEADER + 4 + software.length() + 1;
    for (int at = end; at < request.limit(); at++) {
      request.put(at, (byte) 0xff);
    }
    assertThat(Bench.code(bench.fromClient(ALICE, request))).isZero();
  }

  /** §14, and no memory of the server leaks through it. */
  @Test
  void paddingOfEveryAnswerIsZero() {
    List<StunMessage> answers = new ArrayList<>();
    answers.add(Bench.response(bench.fromClient(ALICE, binding())));
    for (Method method : ANSWERED) {
      answers.add(
          Bench.response(
              bench.fromClient(
                  ALICE,
                  Encoder.PLAIN.encode(StunMessage.request(method, bench.freshId()).build()))));
      answers.add(Bench.response(bench.request(ALICE, "alice", method)));
      answers.add(
          Bench.response(
              bench.request(ALICE, "alice", method, new UnknownAttribute(0x7001, Bytes.EMPTY))));
    }
    for (StunMessage answer : answers) {
      assertThat(answer.messageClass()).isNotEqualTo(MessageClass.REQUEST);
      assertPaddedWithZeros(answer.wire());
    }
  }

  private static void assertPaddedWithZeros(Bytes wire) {
    int at = Wire.STUN_HEADER;
    while (at < wire.length()) {
      int length = wire.u16(at + 2);
      for (int i = length; i < Wire.padded(length); i++) {
        assertThat(wire.u8(at + 4 + i)).as("padding of %04x", wire.u16(at)).isZero();
      }
      at += 4 + Wire.padded(length);
    }
    assertThat(at).isEqualTo(wire.length());
  }

  private List<Action> send(Attribute... attributes) {
    StunMessage.Builder message = StunMessage.indication(Method.Known.SEND, bench.freshId());
    return bench.fromClient(
        ALICE, Encoder.PLAIN.encode(message.addAll(List.of(attributes)).build()));
  }

  private ByteBuffer binding(Attribute... attributes) {
    return Encoder.PLAIN.encode(
        StunMessage.request(Method.Known.BINDING, bench.freshId())
            .addAll(List.of(attributes))
            .build());
  }
}
