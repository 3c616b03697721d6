package org.bradawl.traversal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.bradawl.nat.Answer;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.PortModel;
import org.bradawl.nat.Report;
import org.bradawl.nat.Tree;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.History;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.frame.FromPeer;
import org.bradawl.traversal.frame.FromPeer.Result;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.Wishes;

/**
 * A broker between alice, bob and others, told by hand: what each of them was sent, what was kept,
 * and a record that answers when it is told to.
 */
abstract class BrokerStory {

  static final Credentials ICE = new Credentials("abcd", "0123456789012345678901");
  static final TransportAddress RELAYED = at("192.0.2.1:50000");
  static final String ALICE = "203.0.113.5";
  static final String BOB = "198.51.100.7";

  final Map<String, List<FromServer>> inboxes = new HashMap<>();
  final List<Profile> profiles = new ArrayList<>();
  final List<MeetingRecord> records = new ArrayList<>();
  final List<String> lookups = new ArrayList<>();
  final Map<String, Network> unanswered = new HashMap<>();
  History history = History.none();
  Instant calendar = Instant.parse("2026-01-01T00:00:00Z");
  long now;

  final Broker broker =
      new Broker(
          "0-",
          BrokerLimits.DEFAULT,
          new Random(1),
          () -> calendar,
          () -> history.at(calendar),
          new BrokerActions() {
            @Override
            public void tell(String peer, FromServer frame) {
              inboxes.computeIfAbsent(peer, _ -> new ArrayList<>()).add(frame);
            }

            @Override
            public void lookUpProfile(String peer, Network network) {
              lookups.add(peer + " in " + network.label());
              unanswered.put(peer, network);
            }

            @Override
            public void keep(String peer, Profile profile) {
              profiles.add(profile);
            }

            @Override
            public void keep(MeetingRecord meeting) {
              records.add(meeting);
            }

            @Override
            public boolean isRelayed(TransportAddress endpoint) {
              return endpoint.equals(RELAYED);
            }
          });

  static TransportAddress at(String text) {
    return Tree.endpointOf(text).orElseThrow();
  }

  static Arrival arrival(String peer, String address) {
    return new Arrival(peer, peer + "'s session", Optional.of(IpAddress.parse(address)));
  }

  <T extends FromServer> T last(String peer, Class<T> kind) {
    return all(peer, kind).getLast();
  }

  <T extends FromServer> List<T> all(String peer, Class<T> kind) {
    return inboxes.getOrDefault(peer, List.of()).stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  void pass(Duration time) {
    now += time.toNanos();
    calendar = calendar.plus(time);
    broker.advance(now);
  }

  static Report report(Behavior filtering, String seen) {
    return report(Behavior.ENDPOINT_INDEPENDENT, filtering, seen);
  }

  static Report report(Behavior mapping, Behavior filtering, String seen) {
    Report nothing = Report.unknown();
    return new Report(
        Answer.YES,
        mapping,
        filtering,
        nothing.tcpMapping(),
        nothing.hairpinning(),
        Optional.empty(),
        new PortModel.Random(1),
        Answer.NO,
        Answer.NO,
        Answer.YES,
        Answer.NO,
        Optional.empty(),
        List.of(at(seen + ":40000")),
        List.of(),
        List.of());
  }

  void introduce(String peer, String address) {
    introduce(peer, address, "192.168.1.2:40000", "192.168.1.1");
  }

  void introduce(String peer, String address, String endpoint, String gateway) {
    come(peer, address, endpoint, gateway);
    answerLookUp(peer, Optional.empty());
    see(peer, address + ":40000");
  }

  void answerLookUp(String peer, Optional<Profile> own, Profile... ofNeighbours) {
    Network network = Objects.requireNonNull(unanswered.remove(peer), "a question about " + peer);
    broker.profileFound(peer, network, own, List.of(ofNeighbours));
  }

  void see(String peer, String endpoint) {
    String key = last(peer, FromServer.Observed.class).key();
    broker.seen(key, FiveTuple.Transport.UDP, at(endpoint), now);
  }

  void come(String peer, String address) {
    come(peer, address, "192.168.1.2:40000", "192.168.1.1");
  }

  void come(String peer, String address, String endpoint, String gateway) {
    send(
        peer,
        address,
        new FromPeer.Host(
            Optional.of("h"),
            List.of(at(endpoint)),
            gateway,
            Optional.empty(),
            Peer.Abilities.usual()));
  }

  void send(String peer, String address, FromPeer frame) {
    assertThat(broker.received(arrival(peer, address), frame, now))
        .isEqualTo(Broker.Reception.TAKEN);
  }

  void report(String peer, String address, Report report) {
    send(peer, address, new FromPeer.NatReport(Optional.of("r"), report));
  }

  void bothStrict() {
    introduce("alice", ALICE);
    introduce("bob", BOB);
    report("alice", ALICE, report(Behavior.ADDRESS_AND_PORT_DEPENDENT, ALICE));
    report("bob", BOB, report(Behavior.ADDRESS_AND_PORT_DEPENDENT, BOB));
  }

  void connect() {
    send(
        "alice",
        ALICE,
        new FromPeer.Connect(
            Optional.of("c"), "bob", Wishes.none(), ICE, Optional.of(Map.of("f", "3A"))));
  }

  String accepted() {
    connect();
    String id = last("bob", FromServer.Invited.class).traversal();
    send("bob", BOB, new FromPeer.Accept(id, Wishes.none(), ICE, Optional.of("b")));
    return id;
  }

  static FromPeer.Done done(String id, Result result, int step) {
    return new FromPeer.Done(
        id,
        result,
        true,
        OptionalInt.of(step),
        Optional.of(Duration.ofMillis(90)),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  void bothDone(String id, Result result, int step) {
    send("alice", ALICE, done(id, result, step));
    send("bob", BOB, done(id, result, step));
  }
}
