package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import org.bradawl.stun.ChannelData;
import org.bradawl.stun.Decoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.Malformed;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.Wire;
import org.bradawl.stun.attribute.MobilityTicket;
import org.bradawl.turn.server.TurnCounters.Event;

/**
 * Where a client's message goes: data and bare Binding requests by a short way that makes no
 * objects, all else to the decoder and the procedures; and what is about an allocation of another
 * shard, to that shard (RFC 8016).
 */
final class Incoming {

  private final DeadlineQueue deadlines;
  private final Mobility mobility;
  private final Clients clients;
  private final Allocations allocations;
  private final UnprovenReplies unproven;
  private final BindingResponder binding;
  private final Requests requests;
  private final Relaying relaying;
  private final TurnCounters counters;

  Incoming(
      DeadlineQueue deadlines,
      Mobility mobility,
      Clients clients,
      Allocations allocations,
      UnprovenReplies unproven,
      BindingResponder binding,
      Requests requests,
      Relaying relaying,
      TurnCounters counters) {
    this.deadlines = deadlines;
    this.mobility = mobility;
    this.clients = clients;
    this.allocations = allocations;
    this.unproven = unproven;
    this.binding = binding;
    this.requests = requests;
    this.relaying = relaying;
    this.counters = counters;
  }

  void take(FiveTuple path, ByteBuffer message, long nowNanos) {
    if (!mobility.isQuiet() && allocations.of(path) == null && handOver(path, message)) {
      return;
    }
    int start = message.position();
    int length = message.remaining();
    if (length > 0 && Wire.startsChannelData(message, start)) {
      relaying.channelData(path, message, nowNanos);
    } else if ((!isSend(message, start, length) || !relaying.send(path, message, nowNanos))
        && (!isBareBinding(message, start, length)
            || !binding.answerBare(path, message, nowNanos))) {
      decode(path, message, nowNanos);
    }
  }

  /** Whether a message belongs to an allocation that another shard owns, and went there. */
  private boolean handOver(FiveTuple path, ByteBuffer message) {
    int owner = mobility.owner(path, clients.shard());
    ByteBuffer copy = owner == clients.shard() ? message : Clients.copy(message);
    int home = clients.shard();
    return owner != home
        && mobility.hand(owner, (machine, now) -> machine.fromOwnClient(home, path, copy, now));
  }

  /** A message of a client whose allocation was here when the shard that received it looked. */
  void fromOwnClient(int home, FiveTuple path, ByteBuffer message, long nowNanos) {
    deadlines.advance(nowNanos);
    if (allocations.of(path) != null) {
      fromNeighbour(home, path, message, nowNanos);
    } else {
      // It ended meanwhile, and what comes now, such as another Allocate, is for that shard.
      mobility.hand(home, (machine, now) -> machine.fromClient(path, message, now));
    }
  }

  /** A message of a client whose allocation is here, by way of the shard that received it. */
  void fromNeighbour(int home, FiveTuple path, ByteBuffer message, long nowNanos) {
    clients.cameFrom(path, home);
    take(path, message, nowNanos);
    clients.answered();
    if (allocations.of(path) == null) {
      clients.forget(path);
    }
  }

  private static boolean isSend(ByteBuffer message, int start, int length) {
    return length >= Wire.STUN_HEADER
        && Wire.stunType(message, start) == Wire.SEND_INDICATION
        && Wire.cookie(message, start) == TransactionId.MAGIC_COOKIE
        && Wire.stunLength(message, start) == length - Wire.STUN_HEADER;
  }

  private static boolean isBareBinding(ByteBuffer message, int start, int length) {
    return length == Wire.STUN_HEADER
        && message.getInt(start) == Wire.BINDING_REQUEST << 16
        && Wire.cookie(message, start) == TransactionId.MAGIC_COOKIE;
  }

  private void decode(FiveTuple path, ByteBuffer bytes, long nowNanos) {
    deadlines.advance(nowNanos);
    unproven.to(bytes.remaining(), nowNanos);
    switch (Decoder.decode(bytes)) {
      case Malformed _, ChannelData _ -> counters.tally(Event.MALFORMED);
      case StunMessage message -> {
        switch (message.messageClass()) {
          case REQUEST -> {
            if (!belongsElsewhere(path, message)) {
              requests.take(new Exchange(path, message), nowNanos);
            }
          }
          case INDICATION -> indication(path, message, nowNanos);
          case SUCCESS_RESPONSE, ERROR_RESPONSE -> counters.tally(Event.UNEXPECTED);
        }
      }
    }
  }

  /** Whether a request carries a ticket of another shard's allocation, and went there. */
  private boolean belongsElsewhere(FiveTuple path, StunMessage message) {
    return message.method() == Method.Known.REFRESH
        && message
            .first(MobilityTicket.class)
            .flatMap(ticket -> mobility.open(ticket.ticket()))
            .filter(ticket -> ticket.shard() != clients.shard())
            .filter(ticket -> handTicket(ticket.shard(), path, message.wire().asBuffer()))
            .isPresent();
  }

  private boolean handTicket(int owner, FiveTuple path, ByteBuffer message) {
    ByteBuffer copy = Clients.copy(message);
    int home = clients.shard();
    return mobility.hand(owner, (machine, now) -> machine.fromNeighbour(home, path, copy, now));
  }

  private void indication(FiveTuple path, StunMessage message, long nowNanos) {
    if (message.method() == Method.Known.SEND) {
      relaying.send(path, message, nowNanos);
    } else if (message.method() != Method.Known.BINDING) {
      // Binding indications keep a NAT's mapping alive and want nothing (RFC 8489 §2.1).
      counters.tally(Event.UNEXPECTED);
    }
  }
}
