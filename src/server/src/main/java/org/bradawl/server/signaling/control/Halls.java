package org.bradawl.server.signaling.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.bradawl.server.platform.control.RecordQueue;
import org.bradawl.server.traversals.control.Brokerage;
import org.bradawl.server.traversals.control.Messenger;
import org.bradawl.signaling.Exchange;
import org.bradawl.signaling.ExchangeStatistics;
import org.bradawl.signaling.Limits;
import org.bradawl.signaling.PeerView;

/** Every application's {@link Hall}, made when its first peer comes. */
@ApplicationScoped
public class Halls implements Messenger {

  @Inject private RecordQueue records;
  @Inject private InstantSource clock;
  @Inject private Brokerage brokerage;

  private final Map<String, Hall> byApplication = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private volatile boolean stopped;

  /** The hall of an application whose credentials were good. */
  public Hall of(String application) {
    Hall hall = byApplication.computeIfAbsent(application, this::open);
    if (stopped) {
      hall.shutDown();
    }
    return hall;
  }

  private Hall open(String application) {
    Departures losses = new Departures();
    Departures departures = new Departures();
    PeerHistory history = new PeerHistory(application, records::offer, clock, losses, departures);
    Exchange exchange = new Exchange(limits(), random, clock, history);
    Hall hall = new Hall(application, exchange, history, System::nanoTime);
    losses.tell(
        (peer, session) -> hall.afterwards(() -> brokerage.lost(application, peer, session)));
    departures.tell(
        (peer, session) -> hall.afterwards(() -> brokerage.gone(application, peer, session)));
    return hall;
  }

  @Override
  public void tell(String application, String peer, String frame) {
    Hall hall = byApplication.get(application);
    if (hall != null) {
      hall.tell(peer, frame);
    }
  }

  /** The limits that hold for every application. */
  public Limits limits() {
    return Limits.DEFAULT;
  }

  /** Everybody with a session in this application, in no order. */
  public List<PeerView> peers(String application) {
    Hall hall = byApplication.get(application);
    return hall == null ? List.of() : hall.peers();
  }

  /** One peer, if it has a session. */
  public Optional<PeerView> peer(String application, String peer) {
    Hall hall = byApplication.get(application);
    return hall == null ? Optional.empty() : hall.peer(peer);
  }

  /** Counts, by application. */
  public Map<String, ExchangeStatistics> statistics() {
    Map<String, ExchangeStatistics> statistics = new TreeMap<>();
    byApplication.forEach((application, hall) -> statistics.put(application, hall.statistics()));
    return statistics;
  }

  /** Lets time pass in every hall. */
  public void advance() {
    byApplication.values().forEach(Hall::advance);
  }

  /** Tells everybody to go; nobody is let in any more. */
  public void shutDown() {
    stopped = true;
    byApplication.values().forEach(Hall::shutDown);
  }
}
