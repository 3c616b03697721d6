package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bradawl.stun.Malformed.Reason;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.ErrorCode;
import org.bradawl.stun.attribute.Lifetime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {

  private static final String COOKIE_AND_ID = "2112a442 00000000 00000000 00000001";

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments("", Reason.TOO_SHORT, 0),
        arguments("000100", Reason.TOO_SHORT, 3),
        arguments("00010000 2112a442 0000000000000000000000", Reason.TOO_SHORT, 19),
        arguments("80000000", Reason.NOT_STUN, 0),
        arguments("ffffffffffff", Reason.NOT_STUN, 0),
        arguments("7fff0000", Reason.RESERVED_CHANNEL, 0),
        arguments("40000001", Reason.LENGTH_MISMATCH, 2),
        arguments("4fffffff 00000000", Reason.LENGTH_MISMATCH, 2),
        arguments("00030000 2112a443 00000000 00000000 00000001", Reason.NO_MAGIC_COOKIE, 4),
        arguments("00110000 00000000 00000000 00000000 00000001", Reason.NO_MAGIC_COOKIE, 4),
        arguments("00010002" + COOKIE_AND_ID + "0000", Reason.LENGTH_NOT_MULTIPLE_OF_FOUR, 2),
        arguments("00010004" + COOKIE_AND_ID, Reason.LENGTH_MISMATCH, 2),
        arguments("00010000" + COOKIE_AND_ID + "80220000", Reason.LENGTH_MISMATCH, 2),
        arguments("0001fffc" + COOKIE_AND_ID, Reason.LENGTH_MISMATCH, 2),
        arguments("00010004" + COOKIE_AND_ID + "80220001", Reason.ATTRIBUTE_OVERRUN, 20),
        arguments("00010008" + COOKIE_AND_ID + "80220005 61616161", Reason.ATTRIBUTE_OVERRUN, 20),
        arguments("00010004" + COOKIE_AND_ID + "8022ffff", Reason.ATTRIBUTE_OVERRUN, 20),
        arguments(
            "00010404" + COOKIE_AND_ID + "80000000".repeat(257), Reason.TOO_MANY_ATTRIBUTES, 1044),
        arguments("01010004" + COOKIE_AND_ID + "000d0000", Reason.ATTRIBUTE_LENGTH, 20),
        arguments("00110008" + COOKIE_AND_ID + "00060001 ff000000", Reason.ATTRIBUTE_VALUE, 20),
        arguments(
            "0001000c" + COOKIE_AND_ID + "80280004 00000000 80220000",
            Reason.FINGERPRINT_NOT_LAST,
            20),
        arguments(
            "00010008" + COOKIE_AND_ID + "80280004 00000000", Reason.FINGERPRINT_MISMATCH, 20),
        arguments("00010004" + COOKIE_AND_ID + "80280000", Reason.ATTRIBUTE_LENGTH, 20));
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("malformed")
  void saysWhy(String hex, Reason reason, int offset) {
    assertThat(decode(hex)).isEqualTo(new Malformed(reason, offset));
  }

  /** TOO_LONG is for streams, where somebody must decide how much to wait for. */
  @Test
  void everyReasonIsShown() {
    Set<Object> shown = malformed().map(row -> row.get()[1]).collect(Collectors.toSet());
    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Reason.TOO_LONG)));
  }

  @Test
  void positionAndLimitBoundTheMessage() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(40);
    buffer.position(7).put(Bytes.hex("00010000" + COOKIE_AND_ID).asBuffer()).flip().position(7);
    assertThat(Decoder.decode(buffer))
        .isEqualTo(StunMessage.request(Method.Known.BINDING, TransactionId.of(0, 1)).build());
    assertThat(buffer.position()).isEqualTo(7);
    assertThat(buffer.remaining()).isEqualTo(20);
  }

  @Test
  void aDecodedMessageKeepsNothingOfTheBuffer() {
    ByteBuffer buffer =
        ByteBuffer.wrap(Bytes.hex("00160008" + COOKIE_AND_ID + "00130004 01020304").toArray());
    StunMessage message = (StunMessage) Decoder.decode(buffer);
    buffer.put(24, (byte) 99);
    assertThat(message.first(Data.class)).contains(new Data(Bytes.hex("01020304")));
  }

  @Test
  void channelDataIsAViewOfTheBuffer() {
    ByteBuffer buffer = ByteBuffer.wrap(Bytes.hex("4abc0003 010203 ff").toArray());
    ChannelData channelData = (ChannelData) Decoder.decode(buffer);
    assertThat(channelData.channel()).isEqualTo(0x4abc);
    assertThat(Bytes.copyOf(channelData.data())).isEqualTo(Bytes.hex("010203"));
    buffer.put(4, (byte) 99);
    assertThat(channelData.data().get(0)).isEqualTo((byte) 99);
    assertThat(buffer.position()).isZero();
  }

  @Test
  void channelDataMayBeEmpty() {
    assertThat(decode("40000000")).isEqualTo(new ChannelData(0x4000, ByteBuffer.allocate(0)));
  }

  @Test
  void channelsHaveBounds() {
    ByteBuffer none = ByteBuffer.allocate(0);
    assertThatIllegalArgumentException().isThrownBy(() -> new ChannelData(0x3fff, none));
    assertThatIllegalArgumentException().isThrownBy(() -> new ChannelData(0x7fff, none));
    ByteBuffer tooMuch = ByteBuffer.allocate(0x10000);
    assertThatIllegalArgumentException().isThrownBy(() -> new ChannelData(0x4000, tooMuch));
  }

  /** RFC 3489 §11.1: these six and no others come without the cookie. */
  @Test
  void classicTypes() {
    for (int type = 0; type < 0x4000; type++) {
      Bytes bytes = Bytes.hex(String.format("%04x0000", type) + "00".repeat(16));
      boolean classic = Decoder.decode(bytes.asBuffer()) instanceof StunMessage;
      assertThat(classic)
          .as("type %04x", type)
          .isEqualTo(Set.of(1, 0x101, 0x111, 2, 0x102, 0x112).contains(type));
    }
  }

  /** RFC 8489 §5: the bits of method and class are interleaved, and every combination exists. */
  @Test
  void everyTypeGoesBothWays() {
    for (int code = 0; code < 0x1000; code++) {
      for (MessageClass messageClass : MessageClass.values()) {
        int type = Wire.type(messageClass, Method.of(code));
        assertThat(type).isBetween(0, 0x3fff);
        assertThat(Wire.messageClass(type)).isEqualTo(messageClass);
        assertThat(Wire.methodCode(type)).isEqualTo(code);
      }
    }
    assertThat(Wire.type(MessageClass.ERROR_RESPONSE, Method.Known.BINDING)).isEqualTo(0x0111);
    assertThat(Wire.type(MessageClass.REQUEST, Method.of(0xfff))).isEqualTo(0x3eef);
  }

  @ParameterizedTest
  @EnumSource
  void everyKnownMethodIsFoundByItsNumber(Method.Known method) {
    assertThat(Method.of(method.code())).isEqualTo(method);
    assertThatIllegalArgumentException().isThrownBy(() -> new Method.Unknown(method.code()));
  }

  @Test
  void unknownMethodsAreKept() {
    assertThat(Method.of(0x123)).isEqualTo(new Method.Unknown(0x123));
    assertThatIllegalArgumentException().isThrownBy(() -> new Method.Unknown(0x1000));
  }

  @Test
  void responsesAreMadeOfTheirRequest() {
    StunMessage request = StunMessage.request(Method.Known.REFRESH, TransactionId.of(5, 6)).build();
    StunMessage success = request.success().add(new Lifetime(600)).build();
    assertThat(success.is(MessageClass.SUCCESS_RESPONSE, Method.Known.REFRESH)).isTrue();
    assertThat(success.transactionId()).isEqualTo(request.transactionId());
    StunMessage error = request.error(437, "Allocation Mismatch").build();
    assertThat(error.messageClass().isResponse()).isTrue();
    assertThat(error.first(ErrorCode.class)).contains(new ErrorCode(437, "Allocation Mismatch"));
    assertThat(error)
        .hasToString(
            "REFRESH ERROR_RESPONSE 000000050000000000000006 [ErrorCode[code=437, reason=Allocation Mismatch]]");
  }

  @Test
  void aMessageThatIsTooLongIsABug() {
    StunMessage longest =
        StunMessage.indication(Method.Known.SEND, TransactionId.of(0, 0))
            .add(new Data(Bytes.owning(new byte[0xfffc - 4])))
            .build();
    ByteBuffer bytes = Encoder.PLAIN.encode(longest);
    assertThat(bytes.remaining()).isEqualTo(20 + 0xfffc);
    assertThat(Decoder.decode(bytes)).isEqualTo(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encoder.PLAIN.fingerprinted().encode(longest));
  }

  private static Decoded decode(String hex) {
    return Decoder.decode(Bytes.hex(hex).asBuffer());
  }
}
