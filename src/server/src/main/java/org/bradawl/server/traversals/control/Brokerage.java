package org.bradawl.server.traversals.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.bradawl.nat.Tree;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.broker.Arrival;
import org.bradawl.traversal.broker.Broker;
import org.bradawl.traversal.broker.BrokerActions;
import org.bradawl.traversal.broker.BrokerLimits;
import org.bradawl.traversal.broker.MeetingRecord;
import org.bradawl.traversal.broker.Network;
import org.bradawl.traversal.broker.Profile;
import org.bradawl.traversal.frame.FromServer;
import org.bradawl.traversal.frame.PeerFrames;

/**
 * The shell around the brokers, one for each application: brings them frames, addresses that STUN
 * has seen, profiles from the record and the time.
 */
@ApplicationScoped
public class Brokerage {

  private static final System.Logger LOG = System.getLogger("bradawl.traversals");

  /** More than wait at once in a burst of peers; what is over is dropped and counted. */
  private static final int WAITING = 4_096;

  /** How long a thread sleeps before it looks whether it is to stop. */
  private static final long PATIENCE_MILLIS = 500;

  @Inject private Messenger messenger;
  @Inject private Profiles profiles;
  @Inject private Lessons lessons;
  @Inject private RecordQueue records;
  @Inject private InstantSource clock;

  private final Map<String, Desk> byApplication = new ConcurrentHashMap<>();
  private final List<Desk> numbered = new CopyOnWriteArrayList<>();
  private final SecureRandom random = new SecureRandom();
  private final BlockingQueue<Runnable> lookups = new ArrayBlockingQueue<>(WAITING);
  private final BlockingQueue<Runnable> sightings = new ArrayBlockingQueue<>(WAITING);
  private final Set<TransportAddress> relayed = ConcurrentHashMap.newKeySet();
  private final LongAdder dropped = new LongAdder();
  private volatile boolean stopped;
  private long loadedNanos = System.nanoTime();

  /** What a frame came to. */
  public enum Reception {
    TAKEN,
    /** Not as the schema describes it. */
    NOT_UNDERSTOOD,
    UNKNOWN_TRAVERSAL,
    NOT_INTRODUCED
  }

  private Desk desk(String application) {
    Desk known = byApplication.get(application);
    return known != null ? known : byApplication.computeIfAbsent(application, this::open);
  }

  /** Numbers are given one at a time, so that a key leads to its broker. */
  private synchronized Desk open(String application) {
    Desk.Tray tray = new Desk.Tray();
    Broker broker =
        new Broker(
            Integer.toString(numbered.size(), Character.MAX_RADIX) + "-",
            BrokerLimits.DEFAULT,
            random,
            clock,
            lessons::history,
            new Actions(application, tray));
    Desk desk =
        new Desk(
            broker,
            tray,
            (peer, frame) -> messenger.tell(application, peer, frame),
            System::nanoTime);
    numbered.add(desk);
    return desk;
  }

  /** A peer's connection is up. */
  public void connected(String application, Arrival arrival) {
    Desk desk = byApplication.get(application);
    if (desk != null) {
      desk.act((broker, now) -> broker.connected(arrival, now));
    }
  }

  /** A peer's connection is lost. */
  public void lost(String application, String peer, String session) {
    Desk desk = byApplication.get(application);
    if (desk != null) {
      desk.act((broker, now) -> broker.lost(peer, session, now));
    }
  }

  /** A peer's session has ended. */
  public void gone(String application, String peer, String session) {
    Desk desk = byApplication.get(application);
    if (desk != null) {
      desk.act((broker, now) -> broker.gone(peer, session, now));
    }
  }

  /** A frame has come, whose syntax has been checked. */
  public Reception received(String application, Arrival arrival, String frame) {
    return FrameJson.read(frame)
        .flatMap(tree -> PeerFrames.read(Tree.of(tree)))
        .map(read ->
            switch (desk(application).turn((broker, now) -> broker.received(arrival, read, now))) {
              case TAKEN -> Reception.TAKEN;
              case UNKNOWN_TRAVERSAL -> Reception.UNKNOWN_TRAVERSAL;
              case NOT_INTRODUCED -> Reception.NOT_INTRODUCED;
            })
        .orElse(Reception.NOT_UNDERSTOOD);
  }

  /** The relay gives out an endpoint: peers may send each other there. */
  void relaying(TransportAddress endpoint) {
    relayed.add(endpoint);
  }

  /** The relay has taken an endpoint back. */
  void relayingNoMore(TransportAddress endpoint) {
    relayed.remove(endpoint);
  }

  /** STUN has seen a client that gives this name. Called on shard threads. */
  public void seen(String name, FiveTuple path) {
    int end = name.indexOf('-');
    if (end > 0 && end < 8 && !sightings.offer(() -> seen(name, name.substring(0, end), path))) {
      dropped.increment();
    }
  }

  private void seen(String name, String number, FiveTuple path) {
    int index;
    try {
      index = Integer.parseInt(number, Character.MAX_RADIX);
    } catch (NumberFormatException e) {
      return;
    }
    if (index >= 0 && index < numbered.size()) {
      IpAddress address = path.client().address().unmapped();
      TransportAddress client = new TransportAddress(address, path.client().port());
      numbered.get(index).act((broker, now) -> broker.seen(name, path.transport(), client, now));
    }
  }

  /** Lets time pass. */
  public void advance() {
    numbered.forEach(desk -> desk.act(Broker::advance));
    long now = System.nanoTime();
    if (now - loadedNanos >= Lessons.AGAIN.toNanos()) {
      loadedNanos = now;
      lookups.offer(lessons::load);
    }
  }

  /** Traversals under way, of all applications. */
  public int running() {
    return numbered.stream().mapToInt(desk -> desk.turn((broker, now) -> broker.running())).sum();
  }

  /** Sightings and look-ups that found no room. */
  public long dropped() {
    return dropped.sum();
  }

  /** Looks profiles up until the stop; a thread of its own, since the database may be slow. */
  public void lookUp() {
    work(lookups);
  }

  /** Takes what the shards have seen until the stop. */
  public void watch() {
    work(sightings);
  }

  private void work(BlockingQueue<Runnable> queue) {
    try {
      while (!stopped) {
        Runnable next = queue.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          runOne(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void runOne(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "a look-up failed; the peer is asked instead", e);
    }
  }

  /** Ends the threads. */
  public void stop() {
    stopped = true;
  }

  private final class Actions implements BrokerActions {

    private final String application;
    private final Desk.Tray tray;

    Actions(String application, Desk.Tray tray) {
      this.application = application;
      this.tray = tray;
    }

    @Override
    public void tell(String peer, FromServer frame) {
      tray.put(peer, frame);
    }

    @Override
    public void lookUpProfile(String peer, Network network) {
      boolean taken =
          lookups.offer(() -> {
            Profiles.Found found = profiles.find(application, peer, network);
            desk(application)
                .act((broker, now) ->
                    broker.profileFound(peer, network, found.own(), found.ofNeighbours()));
          });
      if (!taken) {
        dropped.increment();
      }
    }

    @Override
    public void keep(String peer, Profile profile) {
      profiles.keep(application, peer, profile);
    }

    @Override
    public void keep(MeetingRecord meeting) {
      lessons.learn(meeting.lessons());
      records.offer(MeetingEntry.of(application, meeting));
    }

    @Override
    public boolean isRelayed(TransportAddress endpoint) {
      return relayed.contains(endpoint);
    }
  }
}
