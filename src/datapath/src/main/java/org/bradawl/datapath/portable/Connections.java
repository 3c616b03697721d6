package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.datapath.Spoken;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.Cidr;
import org.bradawl.turn.server.StunTurnServer;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connections of one shard, and the bounds on them. A connection that has an allocation
 * lives as long as that; any other one is a guest: it must speak soon, may not stay for long
 * without speaking, and makes room when the shard is full.
 */
final class Connections {

  /** A client speaks first (RFC 8489 §6.2.2); on the slowest path that is a few round trips. */
  static final long SPEAK_WITHIN = Duration.ofSeconds(10).toNanos();

  /** Time for a user to be asked for a password between the challenge and the next request. */
  static final long GUEST_IDLE = Duration.ofSeconds(60).toNanos();

  /** A client that has taken nothing for this long is gone, whatever its kernel says. */
  static final long STALLED = Duration.ofSeconds(30).toNanos();

  /** Bounds are checked this often: fine enough for the shortest of them. */
  private static final long SWEEP_EVERY = Duration.ofSeconds(1).toNanos();

  /**
   * At about 50 kB each, 25 MB for each shard; further ones end the oldest, and at a hundred
   * handshakes a second on one shard each has five seconds.
   */
  private static final int MOST_HANDSHAKES = 512;

  /** Twice what TLS reads at once: its engine wants room for a whole record to spare. */
  private static final int INPUT = 64 * 1024;

  private final Selector selector;
  private final ShardCounters counters;
  private final int most;
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT);
  private final ChunkPool chunks = new ChunkPool();
  private final Map<FiveTuple, StreamClient> clients = new HashMap<>();
  private final Set<StreamClient> guests = new LinkedHashSet<>();
  private final Set<StreamClient> handshaking = new LinkedHashSet<>();
  private final Set<Arrival> arrivals = new LinkedHashSet<>();
  private final List<Cidr> proxies;
  private final Optional<TlsDesk> tls;
  private final List<StreamClient> toFlush = new ArrayList<>();
  private final Queue<StreamClient> toClose = new ArrayDeque<>();
  private Consumer<BoundClient> leave = client -> {};
  private long nextSweep;

  Connections(
      Selector selector,
      ShardCounters counters,
      int most,
      Optional<TlsDesk> tls,
      List<Cidr> proxies) {
    this.selector = selector;
    this.counters = counters;
    this.most = most;
    this.tls = tls;
    this.proxies = proxies;
  }

  int size() {
    return clients.size() + arrivals.size();
  }

  ShardCounters counters() {
    return counters;
  }

  /** The buffer that every connection is read into, one after the other. */
  ByteBuffer input() {
    return input;
  }

  /** What the TLS connections of this shard share. */
  Optional<TlsDesk> tls() {
    return tls;
  }

  /** The memory that connections queue their output in. */
  ChunkPool chunks() {
    return chunks;
  }

  @Nullable StreamClient find(FiveTuple path) {
    return clients.get(path);
  }

  /** The name of the server that a client asked for, if it did. */
  Optional<String> serverName(FiveTuple path) {
    StreamClient client = clients.get(path);
    return client == null ? Optional.empty() : client.serverName();
  }

  /** Takes a connection that a listener accepted, or closes it if there is no room to be made. */
  void accepted(
      SocketChannel channel,
      TransportAddress local,
      Spoken spoken,
      StunTurnServer machine,
      long now)
      throws IOException {
    counters.connectionAccepted();
    if (size() >= most && !makeRoom() && !evict(guests, machine, now)) {
      counters.dropped(Drop.TOO_MANY_CONNECTIONS);
      channel.close();
      return;
    }
    if (size() == 0) {
      nextSweep = now + SWEEP_EVERY;
    }
    TransportAddress remote = TransportAddress.of((InetSocketAddress) channel.getRemoteAddress());
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    boolean proxied = ProxyEntrance.isListed(proxies, remote.address());
    if (proxied || spoken == Spoken.EITHER) {
      Arrival arrival = new Arrival(channel, key, local, remote, spoken, proxied, this, now);
      key.attach(arrival);
      arrivals.add(arrival);
      return;
    }
    begin(key, new PlainWire(channel), new End(local, remote), spoken, machine, now);
  }

  /** The two ends of a connection, as far as the server is concerned. */
  private record End(TransportAddress local, TransportAddress client) {}

  /** A connection has said who is there and what will be spoken; {@code rest} it has said, too. */
  void arrived(Arrival arrival, Spoken spoken, ByteBuffer rest, StunTurnServer machine, long now)
      throws IOException {
    arrivals.remove(arrival);
    StreamWire wire = new Prefixed(new PlainWire(arrival.channel()), rest);
    End end = new End(arrival.local(), arrival.client());
    begin(arrival.key(), wire, end, spoken, machine, now).ready(machine, now);
  }

  /** Closes a connection that said something wrong about itself. */
  void turnAway(Arrival arrival, Drop cause) {
    counters.dropped(cause);
    forget(arrival);
  }

  /** Closes a connection that has led to nothing. */
  void forget(Arrival arrival) {
    arrivals.remove(arrival);
    try {
      arrival.channel().close();
    } catch (IOException e) {
      counters.fault();
    }
  }

  private StreamClient begin(
      SelectionKey key,
      StreamWire plain,
      End end,
      Spoken spoken,
      StunTurnServer machine,
      long now) {
    boolean secured = spoken == Spoken.SECURED;
    StreamWire wire = secured ? new TlsWire(plain, tls.orElseThrow()) : plain;
    FiveTuple path =
        new FiveTuple(secured ? Transport.TLS : Transport.TCP, end.local(), end.client());
    StreamClient former = clients.get(path);
    if (former != null) {
      gone(former, machine, now); // a proxy may use an address again before we know it is free
    }
    StreamClient client = new StreamClient(wire, key, path, this, now);
    key.attach(client);
    clients.put(path, client);
    guests.add(client);
    if (secured) {
      if (handshaking.size() >= MOST_HANDSHAKES) {
        evict(handshaking, machine, now);
      }
      handshaking.add(client);
    }
    return client;
  }

  /** A client's handshake is done. */
  void secured(StreamClient client) {
    handshaking.remove(client);
  }

  /** Whether the connection that has been silent longest could be closed. */
  private boolean makeRoom() {
    Iterator<Arrival> oldest = arrivals.iterator();
    if (!oldest.hasNext()) {
      return false;
    }
    turnAway(oldest.next(), Drop.CONNECTION_EVICTED);
    return true;
  }

  private boolean evict(Set<StreamClient> among, StunTurnServer machine, long now) {
    Iterator<StreamClient> oldest = among.iterator();
    if (!oldest.hasNext()) {
      return false;
    }
    drop(oldest.next(), Drop.CONNECTION_EVICTED, machine, now);
    return true;
  }

  /** An allocation of this client began or ended. */
  void allocated(FiveTuple path, boolean holds, long now) {
    StreamClient client = clients.get(path);
    if (client == null) {
      return;
    }
    client.allocated(holds, now);
    if (holds) {
      guests.remove(client);
    } else {
      guests.add(client);
    }
  }

  void flushLater(StreamClient client) {
    toFlush.add(client);
  }

  /** Closes a connection at the end of the turn, after what was sent to it so far. */
  void closeLater(StreamClient client) {
    client.closeAfterOutput();
    toClose.add(client);
  }

  void drop(StreamClient client, Drop cause, StunTurnServer machine, long now) {
    counters.dropped(cause);
    gone(client, machine, now);
  }

  /** Forgets a connection that goes on elsewhere; the machine has nothing of it. */
  void released(StreamClient client) {
    guests.remove(client);
    clients.remove(client.path(), client);
    toFlush.remove(client);
    toClose.remove(client);
  }

  /** Where connections go that become half of a data connection. */
  void release(Consumer<BoundClient> leave) {
    this.leave = leave;
  }

  void leave(BoundClient client) {
    leave.accept(client);
  }

  /** Forgets a connection and tells the machine. */
  void gone(StreamClient client, StunTurnServer machine, long now) {
    client.close();
    guests.remove(client);
    handshaking.remove(client);
    if (clients.remove(client.path(), client)) {
      machine.clientGone(client.path(), now);
    }
  }

  /** Ends the turn: writes what was queued, closes what is to be closed, checks the bounds. */
  void settle(StunTurnServer machine, long now) {
    flush(machine, now);
    for (StreamClient client = toClose.poll(); client != null; client = toClose.poll()) {
      if (client.finished()) {
        gone(client, machine, now);
      }
    }
    if (size() > 0 && nextSweep - now <= 0) {
      nextSweep = now + SWEEP_EVERY;
      sweep(machine, now);
    }
  }

  private void flush(StunTurnServer machine, long now) {
    // By index: a client that fails ends its allocation, and that may queue more for others.
    for (int i = 0; i < toFlush.size(); i++) {
      StreamClient client = toFlush.get(i);
      try {
        client.flush(now);
      } catch (IOException | CancelledKeyException e) {
        gone(client, machine, now);
      }
    }
    toFlush.clear();
  }

  private void sweep(StunTurnServer machine, long now) {
    for (Arrival arrival : List.copyOf(arrivals)) {
      if (now - arrival.since() > SPEAK_WITHIN) {
        turnAway(arrival, Drop.CONNECTION_IDLE);
      }
    }
    for (StreamClient client : List.copyOf(clients.values())) {
      if (now - client.stalledSince(now) > STALLED) {
        drop(client, Drop.SLOW_READER, machine, now);
      } else if (client.finished()) {
        gone(client, machine, now);
      } else if (!client.allocated() && now - client.lastMessage() > patience(client)) {
        drop(client, Drop.CONNECTION_IDLE, machine, now);
      }
    }
  }

  private static long patience(StreamClient client) {
    return client.spoken() ? GUEST_IDLE : SPEAK_WITHIN;
  }

  /** Whether something was queued after this turn's writing. */
  boolean unsettled() {
    return !toFlush.isEmpty() || !toClose.isEmpty();
  }

  /**
   * When {@link #settle} has something to do by itself; only meaningful while there are clients.
   */
  long deadline() {
    return nextSweep;
  }

  void closeAll() {
    clients.values().forEach(StreamClient::close);
    clients.clear();
    guests.clear();
    handshaking.clear();
    List.copyOf(arrivals).forEach(this::forget);
  }
}
