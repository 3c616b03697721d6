package org.bradawl.datapath;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.PeerDenial;

/** A relay of the engine under test, on loopback, with what its observer was told. */
final class TestRelay implements AutoCloseable {

  static final String USER = "alice";
  static final String PASSWORD = "wonderland";

  private final Datapath datapath;
  private final TransportAddress server;
  final List<AllocationView> started = Collections.synchronizedList(new ArrayList<>());
  final List<AllocationSummary> ended = Collections.synchronizedList(new ArrayList<>());
  private volatile Runnable atEnds = () -> {};

  private TestRelay(Engine engine, Map<String, String> values) {
    DatapathSettings settings = DatapathSettings.from(key -> Optional.ofNullable(values.get(key)));
    this.datapath =
        engine.start(settings, settings.turn().credentials(), Thread::new, new Recorder());
    this.server = datapath.listeners().getFirst().address();
  }

  /** Starts on free ports of 127.0.0.1, unless {@code overrides} (key=value) say otherwise. */
  static TestRelay start(Engine engine, String... overrides) {
    return new TestRelay(engine, values(overrides));
  }

  static Map<String, String> values(String... overrides) {
    int ports = FreePorts.consecutive(2);
    Map<String, String> values = new HashMap<>();
    values.put("bradawl.listen.address", "127.0.0.1");
    values.put("bradawl.listen.port", Integer.toString(ports));
    values.put("bradawl.listen.alternate-port", Integer.toString(ports + 1));
    values.put("bradawl.listen.tls-port", "0");
    values.put("bradawl.relay.allowed-peers", "127.0.0.0/8,::1");
    values.put("bradawl.turn.users", USER + ":" + PASSWORD);
    for (String override : overrides) {
      String[] entry = override.split("=", 2);
      values.put(entry[0], entry[1]);
    }
    return values;
  }

  /** What the shard does whenever an allocation ends, at once: a way to keep it busy. */
  void atEnds(Runnable work) {
    atEnds = work;
  }

  Datapath datapath() {
    return datapath;
  }

  /** The first listener. */
  TransportAddress server() {
    return server;
  }

  /** The first listener of TLS. */
  TransportAddress tls() {
    return listener(Transport.TLS);
  }

  TransportAddress listener(Transport transport) {
    return datapath.listeners().stream()
        .filter(listener -> listener.transport() == transport)
        .findFirst()
        .orElseThrow()
        .address();
  }

  TurnClient client(ClientWire wire) {
    return new TurnClient(wire, USER, PASSWORD);
  }

  TurnClient udp() {
    return udp(server);
  }

  TurnClient udp(TransportAddress server) {
    try {
      IpAddress loopback =
          IpAddress.parse(server.address().family() == IpAddress.Family.IPV4 ? "127.0.0.1" : "::1");
      ClientWire wire = new ClientWire.Udp(new TransportAddress(loopback, 0), server);
      return new TurnClient(wire, USER, PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TurnClient tcp() {
    return new TurnClient(tcpWire(), USER, PASSWORD);
  }

  ClientWire.Tcp tcpWire() {
    try {
      return new ClientWire.Tcp(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    datapath.close();
  }

  private final class Recorder implements RelayObserver {
    @Override
    public void allocationStarted(AllocationView allocation) {
      started.add(allocation);
    }

    @Override
    public void allocationEnded(AllocationSummary allocation) {
      ended.add(allocation);
      atEnds.run();
    }

    @Override
    public void peerDenied(PeerDenial denial) {}

    @Override
    public void clientSeen(FiveTuple path, String name) {}
  }
}
