package org.bradawl.simulation.traversal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.simulation.VirtualTime;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.History;
import org.bradawl.traversal.broker.Broker;
import org.bradawl.traversal.broker.BrokerActions;
import org.bradawl.traversal.broker.BrokerLimits;
import org.bradawl.traversal.broker.MeetingRecord;
import org.bradawl.traversal.broker.Network;
import org.bradawl.traversal.broker.Profile;
import org.bradawl.traversal.frame.FromServer;

/** Two homes whose peers meet through a broker, as they do in the server. */
public final class Brokered {

  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration NEAR = Duration.ofMillis(20);
  private static final Duration FAR = Duration.ofMillis(35);

  private final VirtualTime time;
  private final Broker broker;
  private final BrokeredPeer alice;
  private final BrokeredPeer bob;
  private final List<MeetingRecord> records = new ArrayList<>();
  private History history = History.none();

  /** The homes' peers are called alice and bob. */
  public Brokered(TwoHomes homes) {
    time = homes.initiator().host().realm().time();
    long start = time.nanos();
    Map<String, BrokeredPeer> peers = new HashMap<>();
    broker =
        new Broker(
            "0-",
            BrokerLimits.DEFAULT,
            time.random(),
            () -> EPOCH.plusNanos(time.nanos() - start),
            () -> history.at(EPOCH),
            new Actions(peers));
    alice = new BrokeredPeer("alice", homes.initiator(), broker, NEAR);
    bob = new BrokeredPeer("bob", homes.responder(), broker, FAR);
    peers.put("alice", alice);
    peers.put("bob", bob);
    beat();
  }

  private void beat() {
    time.after(
        Duration.ofSeconds(1),
        () -> {
          broker.advance(time.nanos());
          beat();
        });
  }

  /** The one that asks. */
  public BrokeredPeer alice() {
    return alice;
  }

  /** The one that is asked. */
  public BrokeredPeer bob() {
    return bob;
  }

  /** What was kept. */
  public List<MeetingRecord> records() {
    return records;
  }

  /** Lets both introduce themselves and alice ask for bob. */
  public Brokered begin() {
    return begin(() -> {});
  }

  /** The same, with something done just before alice asks. */
  public Brokered begin(Runnable beforehand) {
    alice.introduce();
    bob.introduce();
    beforehand.run();
    alice.connect("bob");
    return this;
  }

  /** Runs until the traversal is in the record. */
  public MeetingRecord finish() {
    if (!time.run(Duration.ofMinutes(2), () -> !records.isEmpty())) {
      throw new AssertionError("every traversal ends: " + alice + " " + bob);
    }
    time.run(Duration.ofSeconds(1));
    if (records.size() != 1 || broker.running() != 0) {
      throw new AssertionError("a traversal ends once, seed " + time.seed() + ": " + records);
    }
    return records.getFirst();
  }

  /** Lets this much time pass. */
  public void run(Duration span) {
    time.run(span);
  }

  private final class Actions implements BrokerActions {

    private final Map<String, BrokeredPeer> peers;

    Actions(Map<String, BrokeredPeer> peers) {
      this.peers = peers;
    }

    @Override
    public void tell(String peer, FromServer frame) {
      Optional.ofNullable(peers.get(peer)).ifPresent(found -> found.tell(frame));
    }

    @Override
    public void lookUpProfile(String peer, Network network) {
      time.after(
          Duration.ofMillis(3),
          () -> broker.profileFound(peer, network, Optional.empty(), List.of()));
    }

    @Override
    public void keep(String peer, Profile profile) {}

    @Override
    public void keep(MeetingRecord meeting) {
      records.add(meeting);
      history = history.with(meeting.lessons());
    }

    @Override
    public boolean isRelayed(TransportAddress endpoint) {
      return false;
    }
  }
}
