package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.SECOND;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChangeRequest;
import org.bradawl.stun.attribute.Padding;
import org.bradawl.stun.attribute.ResponsePort;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.TurnCounters.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server is no reflector: what sources that proved nothing get out of it. */
class ReplyLimitTest {

  private final Bench bench = new Bench();

  @ParameterizedTest
  @CsvSource({
    "203.0.113.%d, true",
    "203.0.%d.1, false",
    "2001:db8:1:%d::1, true",
    "2001:db8:%d::1, false",
    "::ffff:203.0.113.%d, true"
  })
  void sourcesOfOnePrefixShareABound(String pattern, boolean shared) {
    ReplyLimit limit = new ReplyLimit(new ReplyBounds(10, 0, List.of()), new Random(1));
    int admitted = 0;
    for (int i = 1; i <= 200; i++) {
      if (limit.admits(path(pattern.formatted(i)), false, bench.now)) {
        admitted++;
      }
    }
    assertThat(admitted).isEqualTo(shared ? 20 : 200);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE - 5, Long.MIN_VALUE, -3 * SECOND})
  void theBoundHoldsAtAnyTimeOfTheClock(long start) {
    ReplyLimit limit = new ReplyLimit(new ReplyBounds(10, 0, List.of()), new Random(1));
    int admitted = 0;
    for (int i = 0; i < 10_000; i++) {
      if (limit.admits(path("203.0.113.7"), false, start + i * SECOND / 1000)) {
        admitted++;
      }
    }
    assertThat(admitted).as("in ten seconds, after a burst of two").isBetween(119, 121);
  }

  @Test
  void bindingAndChallengesAreBoundedAndConnectionsAreNot() {
    bounds(new ReplyBounds(10, 5, List.of()));
    assertThat(replies(Bench.ALICE, Method.Known.BINDING, 50)).isEqualTo(20);
    assertThat(bench.count(Event.REPLY_LIMITED)).isEqualTo(30);
    bench.pass(2);
    assertThat(replies(Bench.ALICE, Method.Known.ALLOCATE, 50)).isEqualTo(20);
    assertThat(replies(Bench.CAROL_TCP, Method.Known.ALLOCATE, 50)).isEqualTo(50);
  }

  @Test
  void redirectedRepliesAreBoundedMore() {
    bounds(new ReplyBounds(100, 5, List.of()));
    assertThat(replies(Bench.ALICE, Method.Known.BINDING, 50, new ResponsePort(9))).isEqualTo(10);
    assertThat(replies(Bench.ALICE, Method.Known.BINDING, 50, new ChangeRequest(true, true)))
        .isZero();
    assertThat(replies(Bench.ALICE, Method.Known.BINDING, 50)).isEqualTo(50);
  }

  @Test
  void whoProvesToBeSomebodyIsNotBounded() {
    bounds(new ReplyBounds(2, 2, List.of()));
    bench.allocated(Bench.ALICE, "alice");
    ByteBuffer request =
        bench.signed(
            Bench.ALICE, "alice", Method.Known.CREATE_PERMISSION, new XorPeerAddress(Bench.PEER));
    for (int i = 0; i < 50; i++) {
      assertThat(bench.fromClient(Bench.ALICE, request.duplicate())).hasSize(1);
    }
    assertThat(replies(Bench.ALICE, Method.Known.BINDING, 10)).as("the rest").isLessThan(3);
  }

  @Test
  void exemptRangesAreNotBounded() {
    Cidr range = Cidr.parse(Bench.ALICE.client().address() + "/32");
    bounds(new ReplyBounds(1, 1, List.of(range)));
    assertThat(replies(Bench.ALICE, Method.Known.BINDING, 50)).isEqualTo(50);
  }

  @Test
  void aFloodFromEverywhereTakesNoMoreMemoryAndLeavesRoomForOthers() {
    ReplyLimit limit = new ReplyLimit(ReplyBounds.DEFAULT, new Random(1));
    Random random = new Random(2);
    for (int i = 0; i < 1_000_000; i++) {
      FiveTuple path =
          new FiveTuple(
              FiveTuple.Transport.UDP,
              Bench.SERVER,
              new TransportAddress(IpAddress.v4(random.nextInt()), 1 + random.nextInt(60_000)));
      limit.admits(path, false, bench.now);
    }
    assertThat(limit.admits(path("203.0.113.7"), false, bench.now)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noReplyIsMuchLongerThanItsRequest(boolean longRealm) {
    TurnSettings plain = Bench.settings();
    TurnSettings settings =
        new TurnSettings(
            longRealm ? "r".repeat(127) : plain.realm(),
            plain.software(),
            plain.relayAddresses(),
            plain.minPort(),
            plain.maxPort(),
            plain.alternateAddresses(),
            plain.ownAddresses(),
            plain.ownServices(),
            plain.peers(),
            plain.maxLifetime(),
            plain.nonceLifetime(),
            plain.quotas());
    Bench own = new Bench(settings);
    for (Method.Known method : Method.Known.values()) {
      for (List<Attribute> attributes :
          List.<List<Attribute>>of(
              List.of(),
              List.of(new ChangeRequest(true, true)),
              List.of(new Padding(Bytes.owning(new byte[1400]))))) {
        ByteBuffer request =
            Encoder.PLAIN.encode(
                StunMessage.request(method, own.freshId()).addAll(attributes).build());
        int length = request.remaining();
        for (Recorder.Action action : own.fromClient(Bench.ALICE, request)) {
          StunMessage reply = ((Recorder.Action.ToClient) action).message();
          assertThat(Encoder.PLAIN.encode(reply).remaining())
              .as("%s %s", method, attributes)
              .isLessThanOrEqualTo(UnprovenReplies.MOST_AMPLIFICATION * length);
        }
      }
    }
    long silent = own.count(Event.REPLY_TOO_LONG);
    assertThat(silent > 0).as("a bare request, with a realm of 127").isEqualTo(longRealm);
  }

  private void bounds(ReplyBounds bounds) {
    bench.shared.policy(
        new TurnPolicy(bench.settings.quotas(), Rates.UNLIMITED, bounds, bench.settings.peers()));
  }

  private int replies(FiveTuple path, Method method, int requests, Attribute... attributes) {
    int replies = 0;
    for (int i = 0; i < requests; i++) {
      replies +=
          bench
              .fromClient(
                  path,
                  Encoder.PLAIN.encode(
                      StunMessage.request(method, TransactionId.of(9, i))
                          .addAll(List.of(attributes))
                          .build()))
              .size();
    }
    return replies;
  }

  private static FiveTuple path(String client) {
    return new FiveTuple(
        FiveTuple.Transport.UDP, Bench.SERVER, new TransportAddress(IpAddress.parse(client), 1234));
  }
}
