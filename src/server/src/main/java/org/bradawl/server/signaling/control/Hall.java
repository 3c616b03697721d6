package org.bradawl.server.signaling.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.bradawl.signaling.Attachment;
import org.bradawl.signaling.ClientFrame;
import org.bradawl.signaling.Closing;
import org.bradawl.signaling.Exchange;
import org.bradawl.signaling.ExchangeStatistics;
import org.bradawl.signaling.Followup;
import org.bradawl.signaling.IceServers;
import org.bradawl.signaling.Link;
import org.bradawl.signaling.PeerView;
import org.bradawl.signaling.Resumption;

/**
 * One application's exchange with the lock that every call of it is made under. Sockets are written
 * to after the lock is given back: during a turn links only queue, and report here that they have
 * something.
 */
public final class Hall {

  private final String application;
  private final Exchange exchange;
  private final PeerHistory history;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();
  private List<Outlet> touched = new ArrayList<>();
  private List<Runnable> afterwards = new ArrayList<>();

  Hall(String application, Exchange exchange, PeerHistory history, LongSupplier nanoClock) {
    this.application = application;
    this.exchange = exchange;
    this.history = history;
    this.nanoClock = nanoClock;
  }

  /** The application whose peers meet here. */
  public String application() {
    return application;
  }

  /** Lets a peer in; see {@link Exchange#connect}. */
  public Optional<Attachment> connect(
      Outlet outlet,
      String peer,
      Visitor visitor,
      Optional<Resumption> resumption,
      IceServers servers) {
    return turn(now -> {
      history.arriving(visitor);
      return exchange.connect(queueing(outlet), peer, resumption, servers, now);
    });
  }

  /** Deals with a frame; see {@link Exchange#receive}. */
  public Followup receive(Attachment from, ClientFrame frame) {
    return turn(now -> exchange.receive(from, frame, now));
  }

  /** Sends a frame of the server's own to a peer, if it is connected. */
  void tell(String peer, String frame) {
    act(now -> exchange.tell(peer, frame));
  }

  /** Has something done once the present turn is over and the lock given back. */
  void afterwards(Runnable work) {
    afterwards.add(work);
  }

  /** Answers a {@link Followup}. */
  public void answer(Attachment to, String frame) {
    act(now -> exchange.answer(to, frame));
  }

  /** The connection is gone. */
  public void lost(Attachment attachment) {
    act(now -> exchange.lost(attachment, now));
  }

  /** The client is gone for good. */
  public void left(Attachment attachment) {
    act(now -> exchange.left(attachment, now));
  }

  /** The connection cannot go on. */
  public void drop(Attachment attachment, Closing why) {
    act(now -> exchange.drop(attachment, why, now));
  }

  /** Lets time pass. */
  void advance() {
    act(exchange::advance);
  }

  /** Tells everybody to go. */
  void shutDown() {
    act(exchange::shutDown);
  }

  List<PeerView> peers() {
    return turn(now -> exchange.peers());
  }

  Optional<PeerView> peer(String name) {
    return turn(now -> exchange.peer(name));
  }

  ExchangeStatistics statistics() {
    return turn(now -> exchange.statistics());
  }

  private void act(Consumer<Long> move) {
    turn(now -> {
      move.accept(now);
      return now;
    });
  }

  private <T> T turn(Function<Long, T> move) {
    List<Outlet> toFlush = List.of();
    List<Runnable> toDo = List.of();
    T result;
    lock.lock();
    try {
      result = move.apply(nanoClock.getAsLong());
    } finally {
      if (!touched.isEmpty()) {
        toFlush = touched;
        touched = new ArrayList<>(4);
      }
      if (!afterwards.isEmpty()) {
        toDo = afterwards;
        afterwards = new ArrayList<>(1);
      }
      lock.unlock();
    }
    toFlush.forEach(Outlet::flush);
    toDo.forEach(Runnable::run);
    return result;
  }

  private Link queueing(Outlet outlet) {
    return new Link() {
      @Override
      public void send(String frame) {
        outlet.send(frame);
        touched.add(outlet);
      }

      @Override
      public void close(Closing closing) {
        outlet.close(closing);
        touched.add(outlet);
      }
    };
  }
}
