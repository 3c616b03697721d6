package org.bradawl.tests.interop;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bradawl.tests.support.FreePorts;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.ice.CandidateLine;
import org.bradawl.traversal.ice.IceCandidate;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.CandidateTcpType;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.Component;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RemoteCandidate;
import org.ice4j.ice.harvest.AbstractCandidateHarvester;
import org.ice4j.ice.harvest.CandidateHarvester;
import org.ice4j.ice.harvest.StunCandidateHarvester;
import org.ice4j.ice.harvest.TcpHarvester;
import org.ice4j.ice.harvest.TurnCandidateHarvester;
import org.ice4j.security.LongTermCredential;
import org.ice4j.socket.IceSocketWrapper;
import org.ice4j.socket.IceUdpSocketWrapper;
import org.ice4j.socket.MultiplexingDatagramSocket;

/** A peer whose ICE is ice4j's, on loopback, which ice4j by itself leaves out. */
final class Ice4jPeer implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 10;

  private final Agent agent = new Agent();
  private final IceMediaStream stream = agent.createMediaStream("data");
  private final Component component;
  private final Optional<TcpHarvester> tcp;
  private final CompletableFuture<CandidatePair> selected = new CompletableFuture<>();
  private final CompletableFuture<CandidatePair> lost = new CompletableFuture<>();

  private Ice4jPeer(Side side, boolean overTcp, Optional<CandidateHarvester> server)
      throws IOException {
    agent.setControlling(side == Side.INITIATOR);
    agent.setUseDynamicPorts(false);
    agent.setPerformConsentFreshness(true);
    tcp = overTcp ? Optional.of(new LoopbackTcp(FreePorts.one())) : Optional.empty();
    if (tcp.isPresent()) {
      agent.addCandidateHarvester(tcp.get());
    } else {
      agent.addCandidateHarvester(new Loopback());
    }
    server.ifPresent(agent::addCandidateHarvester);
    component = agent.createComponent(stream, KeepAliveStrategy.SELECTED_ONLY, false);
    // Not before, or it would gather later.
    agent.setTrickling(true);
    stream.addPairChangeListener(change -> {
      CandidatePair pair = (CandidatePair) change.getSource();
      if (change.getPropertyName().equals(IceMediaStream.PROPERTY_PAIR_NOMINATED)) {
        selected.complete(pair);
      }
      if (change.getPropertyName().equals(IceMediaStream.PROPERTY_PAIR_STATE_CHANGED)
          && change.getNewValue().equals(org.ice4j.ice.CandidatePairState.FAILED)
          && selected.isDone()) {
        lost.complete(pair);
      }
    });
  }

  static Ice4jPeer overUdp(Side side) throws IOException {
    return new Ice4jPeer(side, false, Optional.empty());
  }

  /** One that asks there what it looks like. */
  static Ice4jPeer withStun(Side side, org.bradawl.stun.TransportAddress server)
      throws IOException {
    return new Ice4jPeer(side, false, Optional.of(new StunCandidateHarvester(udp(server))));
  }

  /** One that has an allocation there. */
  static Ice4jPeer withTurn(
      Side side, org.bradawl.stun.TransportAddress server, String user, String password)
      throws IOException {
    return new Ice4jPeer(
        side,
        false,
        Optional.of(
            new TurnCandidateHarvester(udp(server), new LongTermCredential(user, password))));
  }

  private static TransportAddress udp(org.bradawl.stun.TransportAddress server) {
    return new TransportAddress(server.toSocketAddress(), Transport.UDP);
  }

  /** One that waits for connections: ice4j makes none. */
  static Ice4jPeer overTcp(Side side) throws IOException {
    return new Ice4jPeer(side, true, Optional.empty());
  }

  void tieBreaker(long tieBreaker) {
    agent.setTieBreaker(tieBreaker);
  }

  boolean isControlling() {
    return agent.isControlling();
  }

  Credentials credentials() {
    return new Credentials(agent.getLocalUfrag(), agent.getLocalPassword());
  }

  /** Its candidates as it writes them itself, but for the type of TCP, which it leaves out. */
  List<String> candidates() {
    return component.getLocalCandidates().stream()
        .map(each -> each.getTcpType() == null ? "" + each : each + " tcptype " + each.getTcpType())
        .toList();
  }

  void peer(Credentials theirs) {
    stream.setRemoteUfrag(theirs.fragment());
    stream.setRemotePassword(theirs.password());
  }

  /** A candidate of the other's, before the start or later. */
  void remote(String line) {
    IceCandidate told = CandidateLine.parse(line).orElseThrow();
    RemoteCandidate candidate =
        new RemoteCandidate(
            new TransportAddress(
                told.address().toSocketAddress(),
                told.tcpType().isPresent() ? Transport.TCP : Transport.UDP),
            component,
            CandidateType.parse(told.type().word()),
            told.foundation(),
            told.priority(),
            null);
    told.tcpType().ifPresent(type -> candidate.setTcpType(CandidateTcpType.parse(type.word())));
    if (agent.isStarted()) {
      component.addUpdateRemoteCandidates(candidate);
      component.updateRemoteCandidates();
    } else {
      component.addRemoteCandidate(candidate);
    }
  }

  void start() {
    agent.startConnectivityEstablishment();
  }

  CandidatePair selected() throws Exception {
    return selected.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The selected pair once it has failed. */
  CandidatePair lost() throws Exception {
    return lost.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void send(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CandidatePair pair = selected();
    InetSocketAddress to = pair.getRemoteCandidate().getTransportAddress();
    socket(pair).send(new DatagramPacket(bytes, bytes.length, to));
  }

  String receive() throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[1_500], 1_500);
    IceSocketWrapper socket = socket(selected());
    if (socket.getUDPSocket() != null) {
      socket.getUDPSocket().setSoTimeout(PATIENCE_SECONDS * 1_000);
    }
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @SuppressWarnings("deprecation") // the other way merges sockets and hides which pair is used
  private static IceSocketWrapper socket(CandidatePair pair) {
    return pair.getIceSocketWrapper();
  }

  @Override
  public void close() {
    agent.free();
    tcp.ifPresent(TcpHarvester::close);
  }

  /** The same over TCP, where it waits for connections. */
  private static final class LoopbackTcp extends TcpHarvester {

    LoopbackTcp(int port) throws IOException {
      super(List.of(new TransportAddress("127.0.0.1", port, Transport.TCP)), false);
    }

    @Override
    protected void addLocalAddresses(List<TransportAddress> addresses) {
      localAddresses.addAll(addresses);
    }
  }

  /** Does for 127.0.0.1 what ice4j does for all other addresses. */
  private static final class Loopback extends AbstractCandidateHarvester {

    @Override
    public boolean isHostHarvester() {
      return true;
    }

    @Override
    public Collection<LocalCandidate> harvest(Component component) {
      try {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        HostCandidate candidate =
            new HostCandidate(
                new IceUdpSocketWrapper(new MultiplexingDatagramSocket(0, address)),
                component,
                Transport.UDP);
        component.addLocalCandidate(candidate);
        candidate.getStunStack().addSocket(candidate.getStunSocket(null));
        return List.of(candidate);
      } catch (IOException e) {
        throw new IllegalStateException("no socket on loopback", e);
      }
    }
  }
}
