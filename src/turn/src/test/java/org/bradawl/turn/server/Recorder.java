package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;

/** A shell that writes down what the machine asks for. */
class Recorder implements ServerActions {

  /** One thing the machine asked for. */
  sealed interface Action {
    record ToClient(FiveTuple path, StunMessage message) implements Action {}

    record ChannelDataTo(FiveTuple path, int channel, String data) implements Action {}

    record ToPeer(RelayId relay, TransportAddress peer, String data) implements Action {}

    record Unfragmented(RelayId relay, TransportAddress peer, String data) implements Action {}

    record Open(RelayId relay, TransportAddress local) implements Action {}

    record Listen(RelayId relay, TransportAddress local) implements Action {}

    record Connect(DataConnectionId id, RelayId relay, TransportAddress peer) implements Action {}

    record Disconnect(DataConnectionId id) implements Action {}

    record Join(FiveTuple client, DataConnectionId id) implements Action {}

    record Close(RelayId relay) implements Action {}

    record HangUp(FiveTuple path) implements Action {}

    record Started(AllocationView allocation) implements Action {}

    record Held(FiveTuple client, boolean held) implements Action {}

    record Ended(AllocationSummary allocation) implements Action {}

    record Seen(FiveTuple path, String name) implements Action {}
  }

  private final List<Action> actions = new ArrayList<>();
  private boolean forbidsFragments;

  /** From now on machines are told that DF can be set. */
  void forbidFragments() {
    forbidsFragments = true;
  }

  private Optional<Consumer<Work>> worker = Optional.empty();
  private final StreamActions streams = new Streams();
  private final List<PeerDenial> denials = new ArrayList<>();

  /** Every denial so far. */
  List<PeerDenial> denials() {
    return denials;
  }

  /** What was asked for since the last call. */
  List<Action> take() {
    List<Action> taken = List.copyOf(actions);
    actions.clear();
    return taken;
  }

  static String text(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static ByteBuffer bytes(String data) {
    return ByteBuffer.wrap(data.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Carries out what other shards leave here, at once. */
  void worker(Consumer<Work> worker) {
    this.worker = Optional.of(worker);
  }

  @Override
  public boolean submit(Work work) {
    worker.ifPresent(own -> own.accept(work));
    return worker.isPresent();
  }

  @Override
  public void clientHeld(FiveTuple client, boolean held, long nowNanos) {
    actions.add(new Action.Held(client, held));
  }

  @Override
  public void clientSeen(FiveTuple path, String name) {
    actions.add(new Action.Seen(path, name));
  }

  @Override
  public void sendToClient(FiveTuple path, ByteBuffer message) {
    actions.add(new Action.ToClient(path, (StunMessage) Decoder.decode(message)));
  }

  @Override
  public void sendChannelData(FiveTuple client, int channel, ByteBuffer data) {
    actions.add(new Action.ChannelDataTo(client, channel, text(data)));
  }

  @Override
  public void sendToPeer(RelayId relay, TransportAddress peer, ByteBuffer data) {
    actions.add(new Action.ToPeer(relay, peer, text(data)));
  }

  @Override
  public boolean canForbidFragments() {
    return forbidsFragments;
  }

  @Override
  public void sendUnfragmented(RelayId relay, TransportAddress peer, ByteBuffer data) {
    actions.add(new Action.Unfragmented(relay, peer, text(data)));
  }

  @Override
  public void openRelay(RelayId relay, TransportAddress local) {
    actions.add(new Action.Open(relay, local));
  }

  @Override
  public StreamActions streams() {
    return streams;
  }

  private final class Streams implements StreamActions {

    @Override
    public void listen(RelayId relay, TransportAddress local) {
      actions.add(new Action.Listen(relay, local));
    }

    @Override
    public void connect(DataConnectionId id, RelayId relay, TransportAddress peer) {
      actions.add(new Action.Connect(id, relay, peer));
    }

    @Override
    public void close(DataConnectionId id) {
      actions.add(new Action.Disconnect(id));
    }

    @Override
    public void bind(FiveTuple client, DataConnectionId id) {
      actions.add(new Action.Join(client, id));
    }
  }

  @Override
  public void closeRelay(RelayId relay) {
    actions.add(new Action.Close(relay));
  }

  @Override
  public void closeClient(FiveTuple client) {
    actions.add(new Action.HangUp(client));
  }

  @Override
  public void allocationStarted(AllocationView allocation) {
    actions.add(new Action.Started(allocation));
  }

  @Override
  public void allocationEnded(AllocationSummary allocation) {
    actions.add(new Action.Ended(allocation));
  }

  @Override
  public void peerDenied(PeerDenial denial) {
    denials.add(denial);
  }
}
