package org.bradawl.agent.ice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.path.RelayClient;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.ice.LocalCandidate;
import org.bradawl.traversal.ice.TcpType;

/** Our candidates (RFC 8445 §5.1.1) and the sockets behind them. */
final class Gathering implements AutoCloseable {

  /** What becomes of it. */
  interface Listener {

    /** One more candidate. */
    void found(LocalCandidate candidate);

    /** There are no more. */
    void gathered();

    /** Something has come in that gathering did not ask for. */
    void received(int socket, TransportAddress from, ByteBuffer datagram);

    /** A connection is gone. */
    void disconnected(int socket, TransportAddress remote);
  }

  /** A relay answers or refuses within three round trips; after this long it is not there. */
  private static final long RELAY_NANOS = 5_000_000_000L;

  private final EventLoop loop;
  private final RandomGenerator random;
  private final IceSettings settings;
  private final Listener listener;
  private final Map<Integer, End> ends = new HashMap<>();
  private final Map<Integer, Mapped> questions = new HashMap<>();
  private final EventLoop.Alarm relayAlarm;
  private int sockets;
  private int open;
  private boolean relayIsDue;

  Gathering(EventLoop loop, RandomGenerator random, IceSettings settings, Listener listener) {
    this.loop = loop;
    this.random = random;
    this.settings = settings;
    this.listener = listener;
    this.relayAlarm = loop.alarm(this::relayIsOver);
  }

  /** Opens everything; host candidates are found during the call. */
  void begin() {
    try {
      List<Mapped> asking = new ArrayList<>();
      int order = 0;
      for (IpAddress address : settings.addresses()) {
        udp(address, order, asking);
        if (settings.tcp()) {
          tcp(address, order);
        }
        order++;
      }
      open = asking.size();
      asking.forEach(Mapped::ask);
      if (settings.relay().isPresent()) {
        relay(settings.relay().get());
      }
      conclude();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException("a candidate's socket does not open", e);
    }
  }

  private void udp(IpAddress address, int order, List<Mapped> asking) throws IOException {
    int number = sockets++;
    UdpEnd end = new UdpEnd(loop, address, new Numbered(number));
    ends.put(number, end);
    LocalCandidate host = LocalCandidate.host(number, end.local(), order);
    listener.found(host);
    settings
        .stun()
        .filter(server -> server.address().family() == address.family())
        .ifPresent(server -> {
          Mapped question =
              new Mapped(
                  loop,
                  random,
                  end,
                  server,
                  mapped -> {
                    // RFC 8445 §5.1.3: behind no NAT it is the host candidate once more.
                    mapped
                        .filter(seen -> !seen.equals(host.base()))
                        .ifPresent(seen ->
                            listener.found(LocalCandidate.serverReflexive(host, seen, order)));
                    open--;
                    conclude();
                  });
          questions.put(number, question);
          asking.add(question);
        });
  }

  private void tcp(IpAddress address, int order) throws IOException {
    int listening = sockets++;
    TcpEnd passive = TcpEnd.passive(loop, address, new Numbered(listening));
    ends.put(listening, passive);
    listener.found(LocalCandidate.tcp(listening, passive.local(), TcpType.PASSIVE, order));
    int connecting = sockets++;
    ends.put(connecting, TcpEnd.active(loop, address, new Numbered(connecting)));
    listener.found(
        LocalCandidate.tcp(
            connecting,
            new TransportAddress(address, TcpType.DISCARD_PORT),
            TcpType.ACTIVE,
            order));
  }

  private void relay(RelayClient.Access access) throws IOException {
    int number = sockets++;
    RelayEnd end = new RelayEnd(loop, random, access, new Numbered(number));
    ends.put(number, end);
    relayIsDue = true;
    relayAlarm.in(RELAY_NANOS);
    end.whenAllocated(relayed -> {
      // RFC 8839 §5.1 allows to keep the mapped address to oneself; the relay's says nothing.
      listener.found(LocalCandidate.relayed(number, relayed, relayed));
      relayIsOver();
    });
    end.whenOver(this::relayIsOver);
  }

  private void relayIsOver() {
    relayAlarm.remove();
    if (relayIsDue) {
      relayIsDue = false;
      conclude();
    }
  }

  private void conclude() {
    if (open == 0 && !relayIsDue) {
      listener.gathered();
    }
  }

  void send(int socket, TransportAddress to, ByteBuffer datagram) {
    End end = ends.get(socket);
    if (end != null) {
      end.send(to, datagram);
    }
  }

  @Override
  public void close() {
    relayAlarm.remove();
    questions.values().forEach(Mapped::stop);
    ends.values().forEach(End::close);
    ends.clear();
  }

  private final class Numbered implements End.Inlet {

    private final int number;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    public void received(TransportAddress from, ByteBuffer datagram) {
      Mapped question = questions.get(number);
      boolean answered =
          question != null
              && Decoder.decode(datagram.duplicate()) instanceof StunMessage message
              && question.take(from, message);
      if (!answered) {
        listener.received(number, from, datagram);
      }
    }

    @Override
    public void disconnected(TransportAddress remote) {
      listener.disconnected(number, remote);
    }
  }
}
