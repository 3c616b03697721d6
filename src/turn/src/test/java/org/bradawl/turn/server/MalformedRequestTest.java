package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;
import static org.bradawl.turn.server.Bench.PEER;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.UnknownAttributes;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A known attribute that must be understood and makes no sense: 400, and nothing is done. */
class MalformedRequestTest {

  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);

  private final Bench bench = new Bench();

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments(Method.Known.ALLOCATE, nonsense(0x0019, ""), List.of()),
        arguments(Method.Known.ALLOCATE, nonsense(0x0019, "1100"), List.of()),
        arguments(Method.Known.ALLOCATE, nonsense(0x000d, "00"), List.of(UDP)),
        arguments(Method.Known.ALLOCATE, nonsense(0x0018, "80000000"), List.of(UDP)),
        arguments(Method.Known.ALLOCATE, nonsense(0x0017, "01"), List.of(UDP)),
        arguments(Method.Known.ALLOCATE, nonsense(0x0022, "00000000"), List.of(UDP)),
        arguments(Method.Known.REFRESH, nonsense(0x000d, "0000000000000258"), List.of()),
        arguments(Method.Known.REFRESH, nonsense(0x0017, "01"), List.of()),
        arguments(
            Method.Known.CREATE_PERMISSION,
            nonsense(0x0012, "0001"),
            List.of(new XorPeerAddress(PEER))),
        arguments(Method.Known.CREATE_PERMISSION, nonsense(0x0012, "0003000000000000"), List.of()),
        arguments(
            Method.Known.CHANNEL_BIND, nonsense(0x000c, "4000"), List.of(new XorPeerAddress(PEER))),
        arguments(
            Method.Known.CHANNEL_BIND,
            nonsense(0x0012, "0001"),
            List.of(new ChannelNumber(0x4000))));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void isAnswered400WithIntegrity(Method method, Attribute nonsense, List<Attribute> rest) {
    if (method != Method.Known.ALLOCATE) {
      bench.allocated(ALICE, "alice");
    }
    int before = bench.server.allocations().size();
    Attribute[] attributes =
        Stream.concat(rest.stream(), Stream.of(nonsense)).toArray(Attribute[]::new);
    StunMessage answer = Bench.response(bench.request(ALICE, "alice", method, attributes));
    assertThat(answer.first(ErrorCode.class).orElseThrow().code()).isEqualTo(400);
    assertThat(answer.carries(IntegrityAlgorithm.SHA1)).isTrue();
    assertThat(bench.count(Event.BAD_REQUEST)).isEqualTo(1);
    assertThat(bench.server.allocations()).hasSize(before);
    bench
        .server
        .allocations()
        .forEach(view -> {
          assertThat(view.permissions()).isZero();
          assertThat(view.channels()).isZero();
        });
  }

  @Test
  void whoDoesNotAuthenticateIsChallengedAllTheSame() {
    StunMessage request =
        StunMessage.request(Method.Known.ALLOCATE, bench.freshId())
            .add(nonsense(0x0019, ""))
            .build();
    assertThat(Bench.code(bench.fromClient(ALICE, Encoder.PLAIN.encode(request)))).isEqualTo(401);
  }

  /** Of its own credentials an attribute without sense counts as missing. */
  @Test
  void aNonceThatIsNoTextIsABadRequest() {
    StunMessage request =
        StunMessage.request(Method.Known.REFRESH, bench.freshId())
            .add(nonsense(0x0015, "ff"))
            .build();
    Encoder signer = Bench.signer("alice", "wonderland");
    assertThat(Bench.code(bench.fromClient(ALICE, signer.encode(request)))).isEqualTo(400);
  }

  @Test
  void unknownAttributesAreToldFirst() {
    StunMessage answer =
        Bench.response(
            bench.request(
                ALICE, "alice", Method.Known.ALLOCATE, nonsense(0x0019, ""), nonsense(0x7abc, "")));
    assertThat(answer.first(UnknownAttributes.class))
        .contains(new UnknownAttributes(List.of(0x7abc)));
  }

  @Test
  void aBindingRequestIsAnswered400Too() {
    StunMessage request =
        StunMessage.request(Method.Known.BINDING, bench.freshId())
            .add(nonsense(0x0003, "000006"))
            .build();
    assertThat(Bench.code(bench.fromClient(ALICE, Encoder.PLAIN.encode(request)))).isEqualTo(400);
  }

  @Test
  void anIndicationIsDropped() {
    bench.allocated(ALICE, "alice");
    StunMessage indication =
        StunMessage.builder(MessageClass.INDICATION, Method.Known.SEND, bench.freshId())
            .add(nonsense(0x0012, "0001"))
            .add(nonsense(0x0013, "61"))
            .add(nonsense(0x8022, "61"))
            .build();
    assertThat(bench.fromClient(ALICE, Encoder.PLAIN.encode(indication))).isEmpty();
    assertThat(bench.count(Event.MALFORMED)).isEqualTo(1);
  }

  private static UnknownAttribute nonsense(int type, String hex) {
    return new UnknownAttribute(type, Bytes.hex(hex));
  }
}
