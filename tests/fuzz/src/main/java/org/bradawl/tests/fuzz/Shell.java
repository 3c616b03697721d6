package org.bradawl.tests.fuzz;

import static org.bradawl.tests.fuzz.Serving.check;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Malformed;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.AllocationSummary;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.DataConnectionId;
import org.bradawl.turn.server.PeerRules;
import org.bradawl.turn.server.RelayId;
import org.bradawl.turn.server.ServerActions;
import org.bradawl.turn.server.SharedState;
import org.bradawl.turn.server.StreamActions;

/** A shell without sockets that minds what it is asked. */
final class Shell implements ServerActions, StreamActions {

  private final SharedState shared;
  private final Map<RelayId, TransportAddress> opening = new LinkedHashMap<>();
  private final Map<RelayId, TransportAddress> open = new LinkedHashMap<>();
  private final Set<RelayId> listening = new HashSet<>();
  private final List<DataConnectionId> connecting = new ArrayList<>();
  private final List<DataConnectionId> connected = new ArrayList<>();
  private final List<DataConnectionId> bound = new ArrayList<>();

  Shell(SharedState shared) {
    this.shared = shared;
  }

  /** The sockets that are open, oldest first. */
  List<RelayId> open() {
    return new ArrayList<>(open.keySet());
  }

  /** The sockets that were asked for and are not there yet, oldest first. */
  List<RelayId> opening() {
    return new ArrayList<>(opening.keySet());
  }

  void opened(RelayId relay) {
    TransportAddress local = opening.remove(relay);
    check(local != null && !open.containsValue(local), "two sockets on " + local);
    open.put(relay, local);
  }

  void refused(RelayId relay) {
    opening.remove(relay);
  }

  @Override
  public void sendToClient(FiveTuple path, ByteBuffer message) {
    check(!(Decoder.decode(message) instanceof Malformed), "the server sent no message");
  }

  @Override
  public void sendChannelData(FiveTuple client, int channel, ByteBuffer data) {
    check(channel >= 0x4000 && channel < 0x7fff, "data on no channel");
  }

  @Override
  public void sendToPeer(RelayId relay, TransportAddress peer, ByteBuffer data) {
    checkPeer(relay, peer);
  }

  private void checkPeer(RelayId relay, TransportAddress peer) {
    check(open.containsKey(relay), "from no socket");
    check(
        shared.relayAddresses().contains(peer)
            || PeerRules.defaults().verdict(peer.address()) != PeerRules.Verdict.DENIED,
        peer + " is forbidden");
  }

  @Override
  public void openRelay(RelayId relay, TransportAddress local) {
    check(opening.put(relay, local) == null && !open.containsKey(relay), "asked for twice");
  }

  @Override
  public void closeRelay(RelayId relay) {
    check(open.remove(relay) != null, "closed though it is not open");
  }

  @Override
  public void closeClient(FiveTuple client) {
    check(client.transport() != FiveTuple.Transport.UDP, "a datagram has no connection");
  }

  @Override
  public void allocationStarted(AllocationView allocation) {}

  @Override
  public void allocationEnded(AllocationSummary allocation) {}

  @Override
  public StreamActions streams() {
    return this;
  }

  /** The sockets that are open and that peers can connect to. */
  List<RelayId> listening() {
    return open().stream().filter(listening::contains).toList();
  }

  /** The connections with peers that are being made. */
  List<DataConnectionId> connecting() {
    return List.copyOf(connecting);
  }

  /** Those that stand. */
  List<DataConnectionId> connected() {
    return List.copyOf(connected);
  }

  /** Those that a client's connection was sent to. */
  List<DataConnectionId> bound() {
    return List.copyOf(bound);
  }

  void stands(DataConnectionId id) {
    connecting.remove(id);
    connected.add(id);
  }

  void gone(DataConnectionId id) {
    connecting.remove(id);
    connected.remove(id);
    bound.remove(id);
  }

  @Override
  public void listen(RelayId relay, TransportAddress local) {
    listening.add(relay);
    openRelay(relay, local);
  }

  @Override
  public void connect(DataConnectionId id, RelayId relay, TransportAddress peer) {
    checkPeer(relay, peer);
    connecting.add(id);
  }

  @Override
  public void close(DataConnectionId id) {
    check(connecting.contains(id) || connected.contains(id), "no such connection is open");
    gone(id);
  }

  @Override
  public void bind(FiveTuple client, DataConnectionId id) {
    check(connected.contains(id) && !bound.contains(id), "bound to what is not there, or twice");
    bound.add(id);
  }
}
