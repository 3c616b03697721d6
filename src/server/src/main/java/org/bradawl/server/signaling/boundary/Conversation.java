package org.bradawl.server.signaling.boundary;

import jakarta.websocket.MessageHandler;
import java.util.function.Supplier;
import org.bradawl.server.signaling.control.Hall;
import org.bradawl.server.signaling.control.TraversalReports;
import org.bradawl.signaling.Attachment;
import org.bradawl.signaling.Closing;
import org.bradawl.signaling.ErrorCode;
import org.bradawl.signaling.Followup;
import org.bradawl.signaling.FrameScanner;
import org.bradawl.signaling.IceServers;
import org.bradawl.signaling.Limits;
import org.bradawl.signaling.ServerFrames;
import org.jspecify.annotations.Nullable;

/** One connection of a peer that was let in. The container calls it for one frame at a time. */
final class Conversation implements MessageHandler.Whole<String> {

  private final Hall hall;
  private final SocketOutlet outlet;
  private final TraversalReports reports;
  private final Supplier<IceServers> mint;
  private final int maxFrame;
  private volatile @Nullable Attachment attachment;

  Conversation(
      Hall hall,
      SocketOutlet outlet,
      TraversalReports reports,
      Supplier<IceServers> mint,
      Limits limits) {
    this.hall = hall;
    this.outlet = outlet;
    this.reports = reports;
    this.mint = mint;
    this.maxFrame = limits.frame();
  }

  void attach(Attachment place) {
    attachment = place;
  }

  @Override
  public void onMessage(String text) {
    Attachment place = attachment;
    if (place == null) {
      return;
    }
    if (text.length() > maxFrame) {
      hall.drop(place, Closing.FRAME_TOO_LARGE);
      return;
    }
    switch (hall.receive(place, FrameScanner.scan(text))) {
      case Followup.Nothing() -> {}
      case Followup.MintIceServers minting ->
          hall.answer(place, ServerFrames.iceServers(mint.get(), minting.id()));
      case Followup.TakeReport report -> hall.answer(place, take(place, report));
    }
  }

  private String take(Attachment place, Followup.TakeReport report) {
    return switch (reports.take(hall.application(), place.peer(), report.traversal().text())) {
      case TAKEN -> ServerFrames.reported(report.id());
      case WRONG ->
          ServerFrames.error(
              ErrorCode.BAD_REPORT, "the traversal is not as the schema describes it", report.id());
      case FULL ->
          ServerFrames.error(
              ErrorCode.UNAVAILABLE, "the database is away and the queue is full", report.id());
    };
  }

  void drop(Closing why) {
    Attachment place = attachment;
    if (place != null) {
      hall.drop(place, why);
    }
  }

  void lost() {
    Attachment place = attachment;
    if (place != null) {
      hall.lost(place);
    }
  }

  /** The client is gone for good. */
  void left() {
    Attachment place = attachment;
    if (place != null) {
      hall.left(place);
    }
  }

  /** Drops a client that does not read; it has as much time again to take the reason. */
  void dropIfStuck(long nowNanos, long patienceNanos) {
    if (outlet.stuck(nowNanos, patienceNanos)) {
      if (outlet.condemn()) {
        drop(Closing.SLOW_CONSUMER);
      } else {
        outlet.abort(Closing.SLOW_CONSUMER);
      }
    }
  }
}
