package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Random;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentAnswersTest {

  private record Kept(Exchange exchange, ByteBuffer message, long until) {}

  private static Exchange exchange(int client, Method method, long id) {
    FiveTuple path =
        new FiveTuple(
            FiveTuple.Transport.UDP,
            new TransportAddress(IpAddress.v4(1), 3478),
            new TransportAddress(IpAddress.v4(2), client));
    return new Exchange(path, StunMessage.request(method, TransactionId.of(0, id)).build());
  }

  /** Clients, methods and ids from so few that they meet again and again. */
  private static Exchange some(Random random) {
    Method method = random.nextBoolean() ? Method.Known.ALLOCATE : Method.Known.REFRESH;
    return exchange(random.nextInt(3), method, random.nextInt(40));
  }

  private static ByteBuffer some(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasAnsweredLatelyIsFoundAndNothingElse(long seed) {
    Random random = new Random(seed);
    RecentAnswers answers = new RecentAnswers(seed);
    Deque<Kept> model = new ArrayDeque<>();
    long now = Long.MAX_VALUE - RecentAnswers.KEEP_NANOS; // the time overflows on the way
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(RecentAnswers.KEEP_NANOS / 100);
      long at = now;
      model.removeIf(kept -> kept.until - at <= 0);
      Exchange exchange = some(random);
      ByteBuffer expected =
          model.stream()
              .filter(kept -> kept.exchange.isAlso(exchange))
              .map(Kept::message)
              .reduce((_, latest) -> latest)
              .orElse(null);
      assertThat(answers.find(exchange, now)).isEqualTo(expected);
      assertThat(answers.size()).isEqualTo(model.size());
      ByteBuffer message = some(random, 400);
      answers.remember(exchange, message, now);
      model.add(new Kept(exchange, message, now + RecentAnswers.KEEP_NANOS));
    }
  }

  @Test
  void theOldestMakesRoom() {
    RecentAnswers answers = new RecentAnswers(1);
    for (int id = 0; id <= RecentAnswers.MOST; id++) {
      answers.remember(
          exchange(1, Method.Known.REFRESH, id), ByteBuffer.allocate(4).putInt(0, id), 0);
    }
    assertThat(answers.size()).isEqualTo(RecentAnswers.MOST);
    assertThat(answers.find(exchange(1, Method.Known.REFRESH, 0), 0)).isNull();
    for (int id : new int[] {1, 2, RecentAnswers.MOST}) {
      assertThat(answers.find(exchange(1, Method.Known.REFRESH, id), 0))
          .isEqualTo(ByteBuffer.allocate(4).putInt(0, id));
    }
  }

  @Test
  void whatIsKeptIsNobodyElses() {
    RecentAnswers answers = new RecentAnswers(1);
    Exchange exchange = exchange(1, Method.Known.REFRESH, 1);
    ByteBuffer message = ByteBuffer.allocate(4);
    answers.remember(exchange, message, 0);
    message.putInt(0, 7);
    ByteBuffer found = Objects.requireNonNull(answers.find(exchange, 0));
    assertThat(found).isEqualTo(ByteBuffer.allocate(4));
    found.putInt(0, 8);
    assertThat(answers.find(exchange, 0)).isEqualTo(ByteBuffer.allocate(4));
  }
}
