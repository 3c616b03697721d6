package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bradawl.stun.Malformed.Reason;
import org.bradawl.stun.StreamDecoder.Framed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StreamDecoderTest {

  private static final int MAX = 65_556;

  private static final String BINDING = "00010000 2112a442 00000000 00000000 00000001";

  private static final Framed INCOMPLETE = new Framed.Incomplete();

  /** However a stream is cut, the same messages come out of it. */
  @Test
  void everyWayToCutAStreamGivesTheSameMessages() {
    long seed = Seeds.next("cut streams");
    RandomGenerator random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<Bytes> messages = messages(random);
      byte[] stream = joined(messages, random);
      int largestPiece = 1 << random.nextInt(14);
      List<Bytes> found = new ArrayList<>();
      StreamDecoder decoder = new StreamDecoder(MAX);
      for (int at = 0; at < stream.length; ) {
        int piece = Math.min(1 + random.nextInt(largestPiece), stream.length - at);
        drain(decoder, ByteBuffer.wrap(stream, at, piece).slice(), found);
        at += piece;
      }
      assertThat(found).as("seed %d, round %d", seed, round).isEqualTo(messages);
      assertThat(decoder.buffered()).isZero();
    }
  }

  @Test
  void oneByteAtATime() {
    RandomGenerator random = new Random(42);
    List<Bytes> messages = messages(random);
    StreamDecoder decoder = new StreamDecoder(MAX);
    List<Bytes> found = new ArrayList<>();
    for (byte b : joined(messages, random)) {
      drain(decoder, ByteBuffer.wrap(new byte[] {b}), found);
    }
    assertThat(found).isEqualTo(messages);
  }

  private static void drain(StreamDecoder decoder, ByteBuffer input, List<Bytes> found) {
    while (decoder.next(input) instanceof Framed.Message(ByteBuffer bytes)) {
      found.add(Bytes.copyOf(bytes));
    }
    assertThat(input.hasRemaining()).isFalse();
  }

  private static List<Bytes> messages(RandomGenerator random) {
    List<Bytes> messages = new ArrayList<>();
    messages.add(Bytes.hex(BINDING));
    for (int i = random.nextInt(8); i > 0; i--) {
      messages.add(
          random.nextBoolean()
              ? Bytes.copyOf(Encoder.PLAIN.encode(RandomMessages.modern(random)))
              : channelData(random));
    }
    return messages;
  }

  private static Bytes channelData(RandomGenerator random) {
    Bytes data = RandomMessages.bytes(random, random.nextBoolean() ? 9 : 3000);
    ByteBuffer bytes = ByteBuffer.allocate(Wire.CHANNEL_HEADER + data.length());
    Wire.putChannelHeader(bytes, 0, 0x4000 + random.nextInt(0x1000), data.length());
    data.putInto(bytes.position(Wire.CHANNEL_HEADER));
    return Bytes.owning(bytes.array());
  }

  /** What fills ChannelData up to four bytes may be anything. */
  private static byte[] joined(List<Bytes> messages, RandomGenerator random) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (Bytes message : messages) {
      stream.writeBytes(message.toArray());
      Bytes padding = RandomMessages.exactly(random, -message.length() & 3);
      stream.writeBytes(padding.toArray());
    }
    return stream.toByteArray();
  }

  static Stream<Arguments> strangers() {
    return Stream.of(
        arguments("HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", Reason.NOT_STUN),
        arguments("HTTP POST", "POST /x HTTP/1.1\r\n", Reason.NOT_STUN),
        arguments("SSH", "SSH-2.0-OpenSSH_9.9\r\n", Reason.NOT_STUN),
        arguments(
            "TLS",
            "\u0016\u0003\u0001\u0004\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            Reason.NO_MAGIC_COOKIE),
        arguments(
            "TLS, odd length",
            "\u0016\u0003\u0001\u0002\u0001",
            Reason.LENGTH_NOT_MULTIPLE_OF_FOUR),
        arguments("PROXY", "PROXY TCP4 192.0.2.1", Reason.NOT_STUN),
        arguments("PROXY v2", "\r\n\r\n\u0000\r\nQUIT\n", Reason.LENGTH_NOT_MULTIPLE_OF_FOUR),
        arguments("RTP", "\u0080\u0000\u0000\u0001", Reason.NOT_STUN),
        arguments("a channel before anything", "@\u0000\u0000\u0000", Reason.NOT_STUN));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangers")
  void anotherProtocolIsFoundOutWithinEightBytes(String name, String text, Reason reason) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new StreamDecoder(MAX).next(ByteBuffer.wrap(bytes)))
        .isEqualTo(new Framed.Broken(reason));
    StreamDecoder decoder = new StreamDecoder(MAX);
    Framed last = INCOMPLETE;
    for (int i = 0; i < Math.min(8, bytes.length); i++) {
      last = decoder.next(ByteBuffer.wrap(bytes, i, 1).slice());
    }
    assertThat(last).isEqualTo(new Framed.Broken(reason));
  }

  @Test
  void aBrokenStreamStaysBrokenAndKeepsNothing() {
    StreamDecoder decoder = new StreamDecoder(MAX);
    assertThat(decoder.next(hex("000100"))).isEqualTo(INCOMPLETE);
    assertThat(decoder.next(hex("01"))).isInstanceOf(Framed.Broken.class);
    assertThat(decoder.buffered()).isZero();
    assertThat(decoder.next(hex(BINDING))).isInstanceOf(Framed.Broken.class);
  }

  @Test
  void aStreamMayBreakInTheMiddle() {
    StreamDecoder decoder = new StreamDecoder(MAX);
    ByteBuffer input = hex(BINDING + "40000001 ff 000000" + "80000000");
    assertThat(decoder.next(input)).isInstanceOf(Framed.Message.class);
    assertThat(decoder.next(input)).isInstanceOf(Framed.Message.class);
    assertThat(decoder.next(input)).isEqualTo(new Framed.Broken(Reason.NOT_STUN));
  }

  /** A message is handed over when it is whole: its padding may come later, or never. */
  @Test
  void dataDoesNotWaitForItsPadding() {
    StreamDecoder decoder = new StreamDecoder(MAX);
    decoder.next(hex(BINDING));
    assertThat(decoder.next(hex("40000001 ff"))).isEqualTo(new Framed.Message(hex("40000001ff")));
    assertThat(decoder.next(hex("0000"))).isEqualTo(INCOMPLETE);
    assertThat(decoder.buffered()).isZero();
    assertThat(decoder.next(hex("00 40000000"))).isEqualTo(new Framed.Message(hex("40000000")));
  }

  @Test
  void whatIsWholeInTheInputIsNotCopied() {
    StreamDecoder decoder = new StreamDecoder(MAX);
    ByteBuffer input = hex(BINDING);
    Framed.Message message = (Framed.Message) decoder.next(input);
    input.put(19, (byte) 77);
    assertThat(message.bytes().get(19)).isEqualTo((byte) 77);
  }

  /** What follows a message stays in the input, for a connection that becomes something else. */
  @Test
  void nothingIsTakenBeyondTheMessage() {
    ByteBuffer input = hex(BINDING + "68656c6c6f");
    new StreamDecoder(MAX).next(input);
    assertThat(input.remaining()).isEqualTo(5);
  }

  @Test
  void aLongerMessageThanAgreedBreaksTheStream() {
    assertThat(new StreamDecoder(100).next(hex("00010054 2112a442")))
        .isEqualTo(new Framed.Broken(Reason.TOO_LONG));
    assertThat(new StreamDecoder(100).next(hex("00010050 2112a442"))).isEqualTo(INCOMPLETE);
    StreamDecoder decoder = new StreamDecoder(100);
    decoder.next(hex(BINDING));
    assertThat(decoder.next(hex("40000061"))).isEqualTo(new Framed.Broken(Reason.TOO_LONG));
    assertThatIllegalArgumentException().isThrownBy(() -> new StreamDecoder(19));
  }

  /** Ten thousand clients that claim 64 KiB each and send eight bytes cost little. */
  @Test
  void aClaimedLengthCostsNothing() {
    long before = Allocation.ofThisThread();
    List<StreamDecoder> decoders = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      StreamDecoder decoder = new StreamDecoder(MAX);
      assertThat(decoder.next(hex("0001fffc 2112a442")) instanceof Framed.Incomplete).isTrue();
      decoders.add(decoder);
    }
    assertThat(Allocation.ofThisThread() - before).isLessThan(10_000L * 4096);
    assertThat(decoders).allMatch(decoder -> decoder.buffered() == 8);
  }

  private static ByteBuffer hex(String digits) {
    return ByteBuffer.wrap(Bytes.hex(digits).toArray());
  }
}
