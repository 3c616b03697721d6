package org.bradawl.server.signaling.control;

import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bradawl.server.platform.control.HistoryEntry;
import org.bradawl.signaling.SessionListener;

/** Puts the coming and going of one application's peers into the record. */
final class PeerHistory implements SessionListener {

  private static final Visitor UNKNOWN = new Visitor("", "");

  private final String application;
  private final Consumer<HistoryEntry> record;
  private final InstantSource clock;
  private final BiConsumer<String, String> afterLoss;
  private final BiConsumer<String, String> afterEnd;
  private Visitor arriving = UNKNOWN;

  /**
   * A history.
   *
   * @param afterLoss told of a peer and its session that is without a connection
   * @param afterEnd told of a peer and its session that ended
   */
  PeerHistory(
      String application,
      Consumer<HistoryEntry> record,
      InstantSource clock,
      BiConsumer<String, String> afterLoss,
      BiConsumer<String, String> afterEnd) {
    this.application = application;
    this.record = record;
    this.clock = clock;
    this.afterLoss = afterLoss;
    this.afterEnd = afterEnd;
  }

  /** Whose session may start in the turn that begins. */
  void arriving(Visitor visitor) {
    arriving = visitor;
  }

  @Override
  public void started(String peer, String session) {
    record.accept(
        new HistoryEntry.PeerSeen(
            application, peer, clock.instant(), arriving.userAgent(), arriving.address()));
  }

  @Override
  public void lost(String peer, String session) {
    afterLoss.accept(peer, session);
  }

  @Override
  public void ended(String peer, String session, String reason) {
    record.accept(new HistoryEntry.PeerGone(application, peer, clock.instant(), reason));
    afterEnd.accept(peer, session);
  }
}
