package org.bradawl.datapath.portable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DatagramSender;
import org.bradawl.datapath.DatapathStatistics.Drop;
import org.bradawl.datapath.SecureStatistics.Failure;
import org.bradawl.datapath.ShardCounters;
import org.bradawl.datapath.ShardDesk;
import org.bradawl.datapath.Spoken;
import org.bradawl.datapath.secure.DtlsCookies;
import org.bradawl.datapath.secure.SecureTransports;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.turn.server.StunTurnServer;

/**
 * The DTLS clients of one shard, and the bounds on them. Until a client has shown its cookie
 * nothing is kept of it; then its handshake runs on a virtual thread, and the session it leads to
 * belongs to the shard's thread like everything else.
 */
final class DtlsSessions implements Entrance {

  /** As for streams: the time to be asked for a password between challenge and request. */
  private static final long GUEST_IDLE = Duration.ofSeconds(60).toNanos();

  private static final long SWEEP_EVERY = Duration.ofSeconds(1).toNanos();

  /** At about 100 kB each, 25 MB for each shard; a client that finds no place asks again. */
  private static final int MOST_HANDSHAKES = 256;

  /** RFC 7983 §7, with the channel numbers of RFC 8656 §12. */
  private static final int FIRST_DTLS = 20;

  private static final int LAST_DTLS = 63;

  private static final int LARGEST_RECORD = 1 << 14;

  private final SecureTransports secure;
  private final ShardDesk desk;
  private final ShardCounters counters;
  private final int most;
  private final DtlsCookies cookies;
  private final Map<FiveTuple, DtlsSession> sessions = new HashMap<>();
  private final Map<FiveTuple, DtlsSession> handshakes = new HashMap<>();
  private final Set<DtlsSession> guests = new LinkedHashSet<>();
  private final byte[] plain = new byte[LARGEST_RECORD];
  private final byte[] outgoing = new byte[LARGEST_RECORD];
  private long nextSweep;

  DtlsSessions(SecureTransports secure, ShardDesk desk, ShardCounters counters, int most) {
    this.secure = secure;
    this.desk = desk;
    this.counters = counters;
    this.most = most;
    this.cookies = secure.dtlsCookies(System.nanoTime());
  }

  @Override
  public void take(
      UdpListener listener,
      InetSocketAddress source,
      InetSocketAddress via,
      ByteBuffer datagram,
      StunTurnServer machine,
      long now) {
    int first = datagram.hasRemaining() ? datagram.get(datagram.position()) & 0xFF : 0;
    if (first >= FIRST_DTLS && first <= LAST_DTLS) {
      FiveTuple plainPath = listener.path(source);
      FiveTuple path = new FiveTuple(Transport.DTLS, plainPath.server(), plainPath.client());
      byte[] bytes = new byte[datagram.remaining()];
      datagram.get(bytes);
      record(listener, via, path, bytes, machine, now);
    } else if (listener.spoken() == Spoken.EITHER) {
      machine.fromClient(listener.path(source), datagram, now);
    } else {
      counters.secured().failed(Failure.NOT_TLS);
    }
  }

  private void record(
      UdpListener listener,
      InetSocketAddress via,
      FiveTuple path,
      byte[] datagram,
      StunTurnServer machine,
      long now) {
    DtlsSession handshake = handshakes.get(path);
    DtlsSession session = sessions.get(path);
    if (handshake != null && (session == null || DtlsRecords.ofHandshake(datagram))) {
      handshake.pipe().offer(datagram);
    } else if (DtlsRecords.isHello(datagram)) {
      hello(listener, via, path, datagram, now);
    } else if (session != null && (session.awaitsProof() || DtlsRecords.areSealed(datagram))) {
      receive(session, datagram, machine, now);
    } else {
      counters.secured().failed(Failure.NOT_TLS);
    }
  }

  /** RFC 6347 §4.2.8: a session that is there goes on until its successor has shaken hands. */
  private void hello(
      UdpListener listener, InetSocketAddress via, FiveTuple path, byte[] datagram, long now) {
    DatagramSender challenge =
        new DatagramSender() {
          @Override
          public int getSendLimit() {
            return datagram.length;
          }

          @Override
          public void send(byte[] buffer, int offset, int length) {
            counters.secured().cookieSent();
            listener.send(ByteBuffer.wrap(buffer, offset, length), path.client());
          }
        };
    Optional<DTLSRequest> request = cookies.check(path.client(), datagram, challenge, now);
    if (request.isEmpty()) {
      return;
    }
    if (handshakes.size() >= MOST_HANDSHAKES) {
      counters.secured().failed(Failure.OVERLOADED);
      return;
    }
    begin(listener, via, path, request.get(), now);
  }

  private void begin(
      UdpListener listener, InetSocketAddress via, FiveTuple path, DTLSRequest request, long now) {
    DtlsPipe pipe =
        new DtlsPipe(
            datagram -> listener.sendElsewhere(datagram, via),
            datagram -> listener.send(datagram, path.client()));
    DtlsSession session = new DtlsSession(path, pipe, secure.dtlsServer(), now);
    handshakes.put(path, session);
    Thread.ofVirtual()
        .name("bradawl-dtls-handshake")
        .start(() -> {
          boolean done = session.shakeHands(request);
          desk.submit((machine, later) -> shaken(session, done, machine, later));
        });
  }

  private void shaken(DtlsSession session, boolean done, StunTurnServer machine, long now) {
    handshakes.remove(session.path(), session);
    if (!done) {
      counters.secured().failed(Failure.HANDSHAKE_REFUSED);
      return;
    }
    session.pipe().establish();
    DtlsSession former = sessions.get(session.path());
    if (former != null) {
      forget(former, machine, now);
    } else if (sessions.size() >= most && !evictGuest(machine, now)) {
      counters.dropped(Drop.TOO_MANY_CONNECTIONS);
      session.close();
      return;
    }
    if (sessions.isEmpty()) {
      nextSweep = now + SWEEP_EVERY;
    }
    counters.secured().dtlsBegan();
    session.spoke(now);
    sessions.put(session.path(), session);
    guests.add(session);
    for (byte[] early = session.pipe().leftOver();
        early != null && sessions.get(session.path()) == session;
        early = session.pipe().leftOver()) {
      receive(session, early, machine, now);
    }
  }

  private boolean evictGuest(StunTurnServer machine, long now) {
    Iterator<DtlsSession> oldest = guests.iterator();
    if (!oldest.hasNext()) {
      return false;
    }
    counters.dropped(Drop.CONNECTION_EVICTED);
    gone(oldest.next(), machine, now);
    return true;
  }

  private void receive(DtlsSession session, byte[] datagram, StunTurnServer machine, long now) {
    boolean lives =
        session.receive(
            datagram,
            plain,
            message -> {
              if (session.permits(message)) {
                session.spoke(now);
                machine.fromClient(session.path(), message, now);
              } else {
                counters.secured().failed(Failure.NOT_NEGOTIATED);
              }
            });
    if (!lives) {
      gone(session, machine, now);
    }
  }

  /** Sends a message in a record of its own, or drops it. */
  void send(FiveTuple path, ByteBuffer message) {
    DtlsSession session = sessions.get(path);
    if (session == null) {
      counters.dropped(Drop.CONNECTION_GONE);
      return;
    }
    int length = message.remaining();
    try {
      if (length > outgoing.length || !session.fits(length)) {
        counters.dropped(Drop.SEND_REFUSED);
        return;
      }
      message.get(outgoing, 0, length);
      session.send(outgoing, length);
    } catch (IOException e) {
      counters.dropped(Drop.SEND_REFUSED);
    }
  }

  /** The name of the server that a client asked for, if it did. */
  Optional<String> serverName(FiveTuple path) {
    DtlsSession session = sessions.get(path);
    return session == null ? Optional.empty() : session.server().serverName();
  }

  /** An allocation of this client began or ended. */
  void allocated(FiveTuple path, boolean holds, long now) {
    DtlsSession session = sessions.get(path);
    if (session == null) {
      return;
    }
    session.allocated(holds, now);
    if (holds) {
      guests.remove(session);
    } else {
      guests.add(session);
    }
  }

  /** Ends a session, and what the client had by it. */
  private void gone(DtlsSession session, StunTurnServer machine, long now) {
    session.close();
    forget(session, machine, now);
  }

  private void forget(DtlsSession session, StunTurnServer machine, long now) {
    guests.remove(session);
    if (sessions.remove(session.path(), session)) {
      counters.secured().dtlsEnded();
      machine.clientGone(session.path(), now);
    }
  }

  /** Ends those who have said nothing for long and hold nothing. */
  void settle(StunTurnServer machine, long now) {
    if (sessions.isEmpty() || nextSweep - now > 0) {
      return;
    }
    nextSweep = now + SWEEP_EVERY;
    for (DtlsSession session : List.copyOf(guests)) {
      if (now - session.lastMessage() > GUEST_IDLE) {
        counters.dropped(Drop.CONNECTION_IDLE);
        gone(session, machine, now);
      }
    }
  }

  int size() {
    return sessions.size();
  }

  /** When {@link #settle} has something to do; only meaningful while there are sessions. */
  long deadline() {
    return nextSweep;
  }

  void closeAll() {
    sessions
        .values()
        .forEach(session -> {
          session.close();
          counters.secured().dtlsEnded();
        });
    sessions.clear();
    guests.clear();
  }
}
