package org.bradawl.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.junit.jupiter.api.Test;

/** The readers and writers in place say what the codec says. */
class WireTest {

  @Test
  void dataIndicationsAreThoseOfTheEncoder() {
    long seed = Seeds.next("data indications");
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      TransactionId id = TransactionId.random(random);
      TransportAddress peer = RandomMessages.address(random);
      Bytes data = RandomMessages.bytes(random, 1500);
      int offset = random.nextInt(50);
      ByteBuffer buffer = ByteBuffer.wrap(RandomMessages.exactly(random, 2000).toArray());
      int header = Wire.dataIndicationHeader(peer.address().family());
      data.putInto(buffer.slice(offset + header, data.length()));
      int length = Wire.putDataIndication(buffer, offset, id, peer, data.length());
      StunMessage expected =
          StunMessage.indication(Method.Known.DATA, id)
              .add(new XorPeerAddress(peer))
              .add(new Data(data))
              .build();
      assertThat(buffer.slice(offset, length))
          .as("seed %d", seed)
          .isEqualTo(Encoder.PLAIN.encode(expected));
    }
  }

  @Test
  void channelHeaders() {
    ByteBuffer buffer = ByteBuffer.allocate(20);
    Wire.putChannelHeader(buffer, 8, 0x4fff, 7);
    assertThat(Wire.startsChannelData(buffer, 8)).isTrue();
    assertThat(Wire.startsStun(buffer, 8)).isFalse();
    assertThat(Wire.channelNumber(buffer, 8)).isEqualTo(0x4fff);
    assertThat(Wire.channelDataLength(buffer, 8)).isEqualTo(7);
    assertThat(Wire.isChannelData(buffer, 8, 11)).isTrue();
    assertThat(Wire.isChannelData(buffer, 8, 12)).isTrue();
    assertThat(Wire.isChannelData(buffer, 8, 10)).isFalse();
    assertThat(Wire.isChannelData(buffer, 8, 3)).isFalse();
    Wire.putChannelHeader(buffer, 0, 0x4000, 0xffff);
    assertThat(Wire.channelDataLength(buffer, 0)).isEqualTo(0xffff);
  }

  @Test
  void attributesAreFoundInPlace() {
    ByteBuffer message =
        Bytes.hex(
                """
                0016 0014 2112a442 00000000 00000000 00000001
                8022 0001 61000000
                0013 0002 01020000
                8022 0000
                """)
            .asBuffer();
    assertThat(Wire.stunType(message, 0)).isEqualTo(Wire.SEND_INDICATION);
    assertThat(Wire.stunLength(message, 0)).isEqualTo(20);
    assertThat(Wire.cookie(message, 0)).isEqualTo(TransactionId.MAGIC_COOKIE);
    assertThat(Wire.attribute(message, 0, 40, 0x8022)).isEqualTo(20);
    assertThat(Wire.attribute(message, 0, 40, 0x0013)).isEqualTo(28);
    assertThat(Wire.attributeLength(message, 28)).isEqualTo(2);
    assertThat(Wire.attribute(message, 0, 40, 0x0012)).isEqualTo(-1);
    assertThat(Wire.attribute(message, 0, 33, 0x0013)).isEqualTo(-1);
    assertThat(Wire.attribute(message, 0, 30, 0x0013)).isEqualTo(-1);
  }

  /** The reason why this idiom exists. */
  @Test
  void nothingIsAllocated() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
    TransactionId id = TransactionId.of(1, 2);
    TransportAddress peer = new TransportAddress(IpAddress.parse("2001:db8::1"), 9);
    long warmUp = relay(buffer, id, peer, 20_000);
    long before = Allocation.ofThisThread();
    long sum = relay(buffer, id, peer, 20_000);
    long price = Allocation.ofThisThread() - before;
    assertThat(sum).isEqualTo(warmUp);
    assertThat(price).isLessThan(4096);
  }

  private static long relay(ByteBuffer buffer, TransactionId id, TransportAddress peer, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      Wire.putChannelHeader(buffer, 0, 0x4000 + (i & 0xfff), i & 0x3ff);
      if (Wire.isChannelData(buffer, 0, 1500)) {
        sum += Wire.channelNumber(buffer, 0) + Wire.channelDataLength(buffer, 0);
      }
      int length = Wire.putDataIndication(buffer, 0, id, peer, i & 0x3ff);
      sum += Wire.stunType(buffer, 0) + Wire.attribute(buffer, 0, length, 0x0013);
    }
    return sum;
  }
}
