package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.address;

import java.nio.ByteBuffer;
import java.util.List;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Dialect;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IntegrityAlgorithm;
import org.bradawl.stun.IntegrityKey;
import org.bradawl.stun.MessageClass;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.ChangedAddress;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Fingerprint;
import org.bradawl.stun.attribute.MappedAddress;
import org.bradawl.stun.attribute.OtherAddress;
import org.bradawl.stun.attribute.Padding;
import org.bradawl.stun.attribute.ResponseAddress;
import org.bradawl.stun.attribute.ResponseOrigin;
import org.bradawl.stun.attribute.ResponsePort;
import org.bradawl.stun.attribute.SourceAddress;
import org.bradawl.stun.attribute.UnknownAttribute;
import org.bradawl.stun.attribute.UnknownAttributes;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.turn.server.Recorder.Action;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BindingTest {

  private static final TransportAddress CLIENT = address("198.51.100.7:40000");
  private static final TransactionId CLASSIC = new TransactionId(0x0123456789abcdefL, 42);

  private final Bench bench = new Bench();

  @Test
  void aRequestElsewhereIsAnsweredWithTheMappedAddressAlone() {
    FiveTuple path = path(Transport.UDP, "203.0.113.1:3478");
    Action.ToClient answer = answer(path);
    assertThat(answer.path()).isEqualTo(path);
    assertThat(answer.message().is(MessageClass.SUCCESS_RESPONSE, Method.Known.BINDING)).isTrue();
    assertThat(answer.message().attributes()).containsExactly(new XorMappedAddress(CLIENT));
  }

  @Test
  void anIpv6RequestElsewhereIsAnsweredAlike() {
    TransportAddress client = address("[2001:db8::7]:40000");
    FiveTuple path = new FiveTuple(Transport.UDP, address("[2001:db8::1]:3478"), client);
    Action.ToClient answer = answer(path);
    assertThat(answer.path()).isEqualTo(path);
    assertThat(answer.message().attributes()).containsExactly(new XorMappedAddress(client));
  }

  @Test
  void aRequestToTheMainAddressLearnsTheOther() {
    FiveTuple path = path(Transport.UDP, "192.0.2.1:3478");
    Action.ToClient answer = answer(path);
    assertThat(answer.path()).isEqualTo(path);
    assertThat(answer.message().attributes())
        .containsExactly(
            new XorMappedAddress(CLIENT),
            new MappedAddress(CLIENT),
            new ResponseOrigin(address("192.0.2.1:3478")),
            new OtherAddress(address("192.0.2.2:3479")));
  }

  /** RFC 5780 §6.1, table 1, for all four addresses a request can arrive at. */
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1:3478, false, false, 192.0.2.1:3478, 192.0.2.2:3479",
    "192.0.2.1:3478, true, false, 192.0.2.2:3478, 192.0.2.2:3479",
    "192.0.2.1:3478, false, true, 192.0.2.1:3479, 192.0.2.2:3479",
    "192.0.2.1:3478, true, true, 192.0.2.2:3479, 192.0.2.2:3479",
    "192.0.2.2:3478, true, false, 192.0.2.1:3478, 192.0.2.1:3479",
    "192.0.2.2:3479, true, true, 192.0.2.1:3478, 192.0.2.1:3478",
    "192.0.2.1:3479, false, true, 192.0.2.1:3478, 192.0.2.2:3478"
  })
  void changeRequestDecidesWhereTheAnswerLeavesFrom(
      String server, boolean changeAddress, boolean changePort, String origin, String other) {
    FiveTuple path = path(Transport.UDP, server);
    Action.ToClient answer = answer(path, new ChangeRequest(changeAddress, changePort));
    assertThat(answer.path()).isEqualTo(new FiveTuple(Transport.UDP, address(origin), CLIENT));
    assertThat(answer.message().first(ResponseOrigin.class))
        .contains(new ResponseOrigin(address(origin)));
    assertThat(answer.message().first(OtherAddress.class))
        .contains(new OtherAddress(address(other)));
  }

  @Test
  void changeRequestWithoutAnAlternateAddressIsUnknown() {
    Action.ToClient answer =
        answer(path(Transport.UDP, "203.0.113.1:3478"), new ChangeRequest(true, false));
    assertUnknown(answer, 0x0003);
  }

  @Test
  void overTcpNothingCanBeRedirectedOrPadded() {
    FiveTuple path = path(Transport.TCP, "192.0.2.1:3478");
    Action.ToClient answer =
        answer(
            path,
            new ChangeRequest(false, true),
            new ResponsePort(99),
            new Padding(Bytes.owning(new byte[8])));
    assertUnknown(answer, 0x0003, 0x0026, 0x0027);
    assertThat(answer(path).message().first(XorMappedAddress.class)).isPresent();
  }

  /** RFC 5780 §3.1 and §6: mapping is found out over TCP too, and all four addresses listen. */
  @Test
  void overTcpTheOtherAddressIsOfferedToo() {
    Action.ToClient answer = answer(path(Transport.TCP, "192.0.2.1:3478"));
    assertThat(answer.message().first(OtherAddress.class))
        .contains(new OtherAddress(address("192.0.2.2:3479")));
    assertThat(answer(path(Transport.TLS, "192.0.2.1:5349")).message().has(OtherAddress.class))
        .as("TLS listens at one port alone")
        .isFalse();
  }

  @Test
  void responsePortIsWhereTheAnswerGoes() {
    FiveTuple path = path(Transport.UDP, "203.0.113.1:3478");
    Action.ToClient answer = answer(path, new ResponsePort(50_001));
    assertThat(answer.path())
        .isEqualTo(new FiveTuple(Transport.UDP, path.server(), address("198.51.100.7:50001")));
    assertThat(answer.message().first(MappedAddress.class)).contains(new MappedAddress(CLIENT));
    assertThat(bench.count(Event.BINDING_REDIRECTED)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 4", "100, 100", "1500, 1500", "20000, 1500"})
  void paddingComesBackButNeverMore(int asked, int given) {
    Action.ToClient answer =
        answer(path(Transport.UDP, "192.0.2.1:3478"), new Padding(Bytes.owning(new byte[asked])));
    assertThat(answer.message().first(Padding.class).orElseThrow().filler().length())
        .isEqualTo(given);
  }

  @Test
  void paddingToAnotherPortIsRefused() {
    Action.ToClient answer =
        answer(
            path(Transport.UDP, "192.0.2.1:3478"),
            new Padding(Bytes.owning(new byte[1400])),
            new ResponsePort(99));
    assertThat(answer.message().first(ErrorCode.class).orElseThrow().code()).isEqualTo(400);
    assertThat(answer.path().client()).isEqualTo(CLIENT);
  }

  @Test
  void unknownAttributesThatMustBeUnderstoodAreListed() {
    Action.ToClient answer =
        answer(
            path(Transport.UDP, "192.0.2.1:3478"),
            new UnknownAttribute(0x7001, Bytes.EMPTY),
            new UnknownAttribute(0x9001, Bytes.EMPTY),
            new UnknownAttribute(0x7002, Bytes.EMPTY));
    assertUnknown(answer, 0x7001, 0x7002);
  }

  @Test
  void aFingerprintIsAnsweredWithAFingerprint() {
    StunMessage request = StunMessage.request(Method.Known.BINDING, bench.freshId()).build();
    StunMessage answer =
        Bench.response(
            bench.fromClient(Bench.ALICE, Encoder.PLAIN.fingerprinted().encode(request)));
    assertThat(answer.attributes().getLast()).isInstanceOf(Fingerprint.class);
  }

  @Test
  void integrityIsNotAskedForAndNotMinded() {
    Encoder signed =
        Encoder.PLAIN.signed(IntegrityAlgorithm.SHA1, IntegrityKey.shortTerm("whatever"));
    StunMessage request = StunMessage.request(Method.Known.BINDING, bench.freshId()).build();
    assertThat(Bench.code(bench.fromClient(Bench.ALICE, signed.encode(request)))).isZero();
  }

  @Test
  void indicationsAndResponsesAreNotAnswered() {
    for (MessageClass kind :
        List.of(
            MessageClass.INDICATION, MessageClass.SUCCESS_RESPONSE, MessageClass.ERROR_RESPONSE)) {
      StunMessage message =
          StunMessage.builder(kind, Method.Known.BINDING, bench.freshId()).build();
      assertThat(bench.fromClient(Bench.ALICE, Encoder.PLAIN.encode(message))).isEmpty();
    }
    assertThat(bench.count(Event.UNEXPECTED)).isEqualTo(2);
  }

  @Test
  void otherMethodsAreDropped() {
    List<Method> methods =
        List.of(Method.of(0xabc), Method.Known.SEND, Method.Known.DATA, Method.Known.SHARED_SECRET);
    for (Method method : methods) {
      StunMessage message = StunMessage.request(method, bench.freshId()).build();
      assertThat(bench.fromClient(Bench.ALICE, Encoder.PLAIN.encode(message))).isEmpty();
    }
    assertThat(bench.count(Event.UNKNOWN_METHOD)).isEqualTo(methods.size());
  }

  @Test
  void aClassicRequestIsAnsweredInKind() {
    Action.ToClient answer = classic(new ChangeRequest(false, false));
    assertThat(answer.message().dialect()).isEqualTo(Dialect.RFC3489);
    assertThat(answer.message().transactionId()).isEqualTo(CLASSIC);
    assertThat(answer.message().attributes())
        .containsExactly(
            new MappedAddress(CLIENT),
            new SourceAddress(address("192.0.2.1:3478")),
            new ChangedAddress(address("192.0.2.2:3479")));
  }

  @Test
  void aClassicRequestMayAskForAChange() {
    Action.ToClient answer = classic(new ChangeRequest(true, true));
    assertThat(answer.path().server()).isEqualTo(address("192.0.2.2:3479"));
    assertThat(answer.message().first(SourceAddress.class))
        .contains(new SourceAddress(address("192.0.2.2:3479")));
  }

  @Test
  void aClassicRequestMustNotSendTheAnswerToOthers() {
    Action.ToClient answer = classic(new ResponseAddress(address("203.0.113.99:53")));
    assertThat(answer.path().client()).isEqualTo(CLIENT);
    assertThat(answer.message().messageClass()).isEqualTo(MessageClass.ERROR_RESPONSE);
    assertThat(answer.message().first(UnknownAttributes.class).orElseThrow().types())
        .containsOnly(0x0002);
  }

  private Action.ToClient classic(Attribute... attributes) {
    StunMessage request =
        StunMessage.request(Method.Known.BINDING, CLASSIC).addAll(List.of(attributes)).build();
    return only(
        bench.fromClient(path(Transport.UDP, "192.0.2.1:3478"), Encoder.PLAIN.encode(request)));
  }

  private Action.ToClient answer(FiveTuple path, Attribute... attributes) {
    StunMessage request =
        StunMessage.request(Method.Known.BINDING, bench.freshId())
            .addAll(List.of(attributes))
            .build();
    ByteBuffer bytes = Encoder.PLAIN.encode(request);
    return only(bench.fromClient(path, bytes));
  }

  private static Action.ToClient only(List<Action> actions) {
    assertThat(actions).hasSize(1);
    return (Action.ToClient) actions.getFirst();
  }

  private static void assertUnknown(Action.ToClient answer, int... types) {
    assertThat(answer.message().first(ErrorCode.class).orElseThrow().code()).isEqualTo(420);
    assertThat(answer.message().first(UnknownAttributes.class).orElseThrow().types())
        .containsExactlyInAnyOrder(java.util.Arrays.stream(types).boxed().toArray(Integer[]::new));
  }

  private static FiveTuple path(Transport transport, String server) {
    return new FiveTuple(transport, address(server), CLIENT);
  }
}
