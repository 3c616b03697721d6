package org.bradawl.agent.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LengthFramingTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 70_000})
  void messagesComeOutHoweverTheStreamIsCut(int chunk) {
    List<String> sent = IntStream.of(0, 1, 2, 300, 65_535).mapToObj("x"::repeat).toList();
    ByteBuffer stream = ByteBuffer.allocate(70_000);
    LengthFraming sender = new LengthFraming();
    sent.forEach(message ->
        stream.put(sender.frame(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)))));
    stream.flip();

    List<String> received = new ArrayList<>();
    LengthFraming receiver = new LengthFraming();
    while (stream.hasRemaining()) {
      int count = Math.min(chunk, stream.remaining());
      receiver.take(
          stream.slice(stream.position(), count),
          message -> received.add(StandardCharsets.UTF_8.decode(message).toString()));
      stream.position(stream.position() + count);
    }

    assertThat(received).isEqualTo(sent);
  }

  @Test
  void theHeaderIsTheLengthInNetworkOrder() {
    ByteBuffer framed = new LengthFraming().frame(ByteBuffer.wrap(new byte[258]));

    assertThat(framed.remaining()).isEqualTo(260);
    assertThat(framed.getShort(0)).isEqualTo((short) 0x0102);
  }
}
