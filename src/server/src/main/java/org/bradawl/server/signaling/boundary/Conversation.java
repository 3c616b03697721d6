package org.bradawl.server.signaling.boundary;

import jakarta.websocket.MessageHandler;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.bradawl.nat.Tree;
import org.bradawl.server.signaling.control.Hall;
import org.bradawl.server.signaling.control.TraversalReports;
import org.bradawl.server.signaling.control.Visitor;
import org.bradawl.server.traversals.control.Brokerage;
import org.bradawl.signaling.Attachment;
import org.bradawl.signaling.Closing;
import org.bradawl.signaling.ErrorCode;
import org.bradawl.signaling.Followup;
import org.bradawl.signaling.FrameScanner;
import org.bradawl.signaling.IceServers;
import org.bradawl.signaling.Limits;
import org.bradawl.signaling.ServerFrames;
import org.bradawl.traversal.broker.Arrival;
import org.jspecify.annotations.Nullable;

/** One connection of a peer that was let in. The container calls it for one frame at a time. */
final class Conversation implements MessageHandler.Whole<String> {

  private final Hall hall;
  private final SocketOutlet outlet;
  private final TraversalReports reports;
  private final Brokerage brokerage;
  private final Visitor visitor;
  private final Supplier<IceServers> mint;
  private final UUID key;
  private final int maxFrame;
  private volatile @Nullable Attachment attachment;

  Conversation(
      Hall hall,
      SocketOutlet outlet,
      TraversalReports reports,
      Brokerage brokerage,
      Visitor visitor,
      Supplier<IceServers> mint,
      UUID key,
      Limits limits) {
    this.hall = hall;
    this.outlet = outlet;
    this.reports = reports;
    this.brokerage = brokerage;
    this.visitor = visitor;
    this.mint = mint;
    this.key = key;
    this.maxFrame = limits.frame();
  }

  /** The application key that the peer came in with, itself or by a token. */
  UUID key() {
    return key;
  }

  void attach(Attachment place) {
    attachment = place;
    brokerage.connected(hall.application(), arrival(place));
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
      case Followup.Plan plan ->
          plan(place, plan.frame().text())
              .ifPresent(
                  code -> hall.answer(place, ServerFrames.error(code, meaning(code), plan.id())));
      case Followup.TakeReport report -> hall.answer(place, take(place, report));
    }
  }

  private Optional<ErrorCode> plan(Attachment place, String frame) {
    return switch (brokerage.received(hall.application(), arrival(place), frame)) {
      case TAKEN -> Optional.empty();
      case NOT_UNDERSTOOD -> Optional.of(ErrorCode.BAD_MEMBER);
      case UNKNOWN_TRAVERSAL -> Optional.of(ErrorCode.UNKNOWN_TRAVERSAL);
      case NOT_INTRODUCED -> Optional.of(ErrorCode.MISSING_FIELD);
    };
  }

  private static String meaning(ErrorCode code) {
    return switch (code) {
      case BAD_MEMBER -> "a member is missing or not as the schema describes it";
      case UNKNOWN_TRAVERSAL -> "you have no part in such a traversal, or it is long over";
      default -> "send host first, so that the server knows what you are";
    };
  }

  private Arrival arrival(Attachment place) {
    return new Arrival(place.peer(), place.sessionId(), Tree.addressOf(visitor.address()));
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
