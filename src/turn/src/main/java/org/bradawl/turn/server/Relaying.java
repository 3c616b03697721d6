package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.Wire;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.Icmp;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.server.TurnCounters.Event;
import org.jspecify.annotations.Nullable;

/**
 * The hot path: data between clients and peers (RFC 8656 §11 and §12). Messages are read and
 * written in place. Data passes in either direction only under a permission that is alive.
 */
final class Relaying {

  private static final int XOR_PEER_ADDRESS = 0x0012;
  private static final int DATA = 0x0013;

  private static final long COOKIE = (long) TransactionId.MAGIC_COOKIE << 32;

  /** A Data indication's longest body: 16 bits, a multiple of four. */
  private static final int MOST_BODY = 0xfffc;

  private final Allocations allocations;
  private final PeerGate gate;
  private final RelayAddresses relayAddresses;
  private final boolean forbidsFragments;
  private boolean translates;

  /** Whether the Send indication at hand has DONT-FRAGMENT (RFC 8656 §11.2). */
  private boolean unfragmented;

  private final RandomGenerator random;
  private final ServerActions actions;
  private final Clients clients;
  private final TurnCounters counters;
  private final ByteBuffer indication =
      ByteBuffer.allocateDirect(Wire.STUN_HEADER + MOST_BODY + Wire.ATTRIBUTE_HEADER);

  /**
   * The hot path of one shard.
   *
   * @param random fills the transaction ids of indications, which nobody answers: fast, not secret
   */
  Relaying(
      Allocations allocations,
      PeerGate gate,
      RelayAddresses relayAddresses,
      RandomGenerator random,
      ServerActions actions,
      Clients clients,
      TurnCounters counters) {
    this.allocations = allocations;
    this.gate = gate;
    this.relayAddresses = relayAddresses;
    this.random = random;
    this.actions = actions;
    this.forbidsFragments = actions.canForbidFragments();
    this.clients = clients;
    this.counters = counters;
  }

  /** Learns whether some relay address is told to clients as another than it is bound to. */
  void translates(boolean translates) {
    this.translates |= translates; // allocations keep what they were told
  }

  /** ChannelData from a client (RFC 8656 §12.6). */
  void channelData(FiveTuple path, ByteBuffer message, long nowNanos) {
    int start = message.position();
    if (!Wire.isChannelData(message, start, message.remaining())) {
      counters.tally(Event.MALFORMED);
      return;
    }
    Allocation allocation = sender(path, nowNanos);
    if (allocation == null) {
      counters.tally(Event.NO_ALLOCATION);
      return;
    }
    Channel channel = allocation.channel(Wire.channelNumber(message, start));
    if (channel == null || !channel.isLive(nowNanos)) {
      counters.tally(Event.UNKNOWN_CHANNEL);
      return;
    }
    int data = start + Wire.CHANNEL_HEADER;
    message.limit(data + Wire.channelDataLength(message, start)).position(data);
    toPeer(allocation, channel.permission(), channel.peer(), message, nowNanos);
  }

  /**
   * A Send indication from a client (RFC 8656 §11.2), in the shape that all clients send it: with
   * XOR-PEER-ADDRESS and DATA and nothing else. Whether it had that shape; if not, nothing happened
   * and it is to be decoded in full.
   */
  boolean send(FiveTuple path, ByteBuffer message, long nowNanos) {
    int start = message.position();
    int end = message.limit();
    int first = start + Wire.STUN_HEADER;
    int second = after(message, first, end);
    if (second < 0 || after(message, second, end) != end) {
      return false;
    }
    int firstType = message.getShort(first);
    int secondType = message.getShort(second);
    if (firstType == XOR_PEER_ADDRESS && secondType == DATA) {
      return send(path, message, start, first, second, nowNanos);
    }
    return firstType == DATA
        && secondType == XOR_PEER_ADDRESS
        && send(path, message, start, second, first, nowNanos);
  }

  /** Where the attribute at {@code at} ends, with its padding; negative if it does not fit. */
  private static int after(ByteBuffer message, int at, int end) {
    if (at + Wire.ATTRIBUTE_HEADER > end) {
      return -1;
    }
    int next = at + Wire.ATTRIBUTE_HEADER + Wire.padded(Wire.attributeLength(message, at));
    return next <= end ? next : -1;
  }

  private boolean send(
      FiveTuple path, ByteBuffer message, int start, int peerAt, int dataAt, long nowNanos) {
    Allocation allocation = sender(path, nowNanos);
    if (allocation == null) {
      counters.tally(Event.NO_ALLOCATION);
      return true;
    }
    int value = peerAt + Wire.ATTRIBUTE_HEADER;
    Family family = allocation.familyOf(message.get(value + 1));
    if (Wire.attributeLength(message, peerAt) != 4 + family.length()
        || message.get(value + 1) != family.code()) {
      counters.tally(Event.BAD_INDICATION);
      return true;
    }
    // XOR-PEER-ADDRESS is XORed with the message's own cookie and transaction id (RFC 8489 §14.2).
    long cookieAndId = message.getLong(start + 4);
    int port = (message.getShort(value + 2) ^ (int) (cookieAndId >>> 48)) & 0xffff;
    Permission permission =
        switch (family) {
          case IPV4 ->
              allocation.permission(
                  0,
                  Integer.toUnsignedLong(message.getInt(value + 4) ^ (int) (cookieAndId >>> 32)));
          case IPV6 ->
              allocation.permission(
                  message.getLong(value + 4) ^ cookieAndId,
                  message.getLong(value + 12) ^ message.getLong(start + 12));
        };
    int data = dataAt + Wire.ATTRIBUTE_HEADER;
    message.limit(data + Wire.attributeLength(message, dataAt)).position(data);
    send(allocation, permission, port, message, nowNanos);
    return true;
  }

  /** A Send indication of any other shape. */
  void send(FiveTuple path, StunMessage message, long nowNanos) {
    Optional<XorPeerAddress> peer = message.first(XorPeerAddress.class);
    Optional<Data> data = message.first(Data.class);
    if (peer.isEmpty()
        || data.isEmpty()
        || (message.has(DontFragment.class) && !forbidsFragments)
        || !message.unknownComprehensionRequired().isEmpty()) {
      counters.tally(Event.BAD_INDICATION);
      return;
    }
    Allocation allocation = sender(path, nowNanos);
    if (allocation == null) {
      counters.tally(Event.NO_ALLOCATION);
      return;
    }
    TransportAddress address = peer.get().address();
    if (!allocation.relays(address.address().family())) {
      counters.tally(Event.BAD_INDICATION);
      return;
    }
    Permission permission = allocation.permission(address.address());
    unfragmented = message.has(DontFragment.class);
    send(allocation, permission, address.port(), data.get().value().asBuffer(), nowNanos);
    unfragmented = false;
  }

  private void send(
      Allocation allocation,
      @Nullable Permission permission,
      int port,
      ByteBuffer data,
      long nowNanos) {
    if (permission == null) {
      counters.tally(Event.NO_PERMISSION);
    } else if (port == 0 || allocation.relaysTcp()) {
      counters.tally(Event.BAD_INDICATION);
    } else {
      toPeer(allocation, permission, permission.at(port), data, nowNanos);
    }
  }

  private void toPeer(
      Allocation allocation,
      Permission permission,
      TransportAddress peer,
      ByteBuffer data,
      long nowNanos) {
    if (!permission.isLive(nowNanos)) {
      counters.tally(Event.NO_PERMISSION);
      return;
    }
    TransportAddress target = permission.guarded() ? permission.route(peer, gate) : peer;
    if (target == null) {
      counters.tally(Event.FORBIDDEN_PEER);
      return;
    }
    RelayId relay = allocation.relay(target.address().family(), nowNanos);
    if (relay == null) {
      counters.tally(Event.NO_ALLOCATION);
      return;
    }
    int bytes = data.remaining();
    if (exceeds(allocation, bytes, nowNanos)) {
      return;
    }
    allocation.up(bytes);
    counters.up(bytes);
    if (unfragmented) {
      actions.sendUnfragmented(relay, target, data);
    } else {
      actions.sendToPeer(relay, target, data);
    }
  }

  /** A datagram that arrived at a relay socket (RFC 8656 §11.3 and §12.7). */
  void fromPeer(RelayId relay, TransportAddress source, ByteBuffer payload, long nowNanos) {
    Allocation allocation = living(allocations.of(relay), nowNanos);
    if (allocation == null || allocation.relay(source.address().family(), nowNanos) == null) {
      counters.tally(Event.LATE);
      return;
    }
    TransportAddress peer = translates ? relayAddresses.advertised(source) : source;
    Channel channel = allocation.channel(peer);
    Permission permission =
        channel == null ? allocation.permission(peer.address()) : channel.permission();
    if (permission == null || !permission.isLive(nowNanos)) {
      counters.tally(Event.NO_PERMISSION);
      return;
    }
    if (permission.guarded()
        && permission.route(channel == null ? peer : channel.peer(), gate) == null) {
      counters.tally(Event.FORBIDDEN_PEER);
      return;
    }
    if (exceeds(allocation, payload.remaining(), nowNanos)) {
      return;
    }
    if (channel != null && channel.isLive(nowNanos)) {
      delivered(allocation, payload.remaining());
      clients.sendChannelData(allocation.client(), channel.number(), payload);
    } else {
      indicate(allocation, peer, payload);
    }
  }

  /** Tells the client what became of a datagram, if it may have sent it (RFC 8656 §11.5). */
  void peerError(RelayId relay, PeerError error, long nowNanos) {
    Allocation allocation = living(allocations.of(relay), nowNanos);
    if (allocation == null) {
      counters.tally(Event.LATE);
      return;
    }
    TransportAddress peer = translates ? relayAddresses.advertised(error.peer()) : error.peer();
    Permission permission = allocation.permission(peer.address());
    if (permission == null || !permission.isLive(nowNanos)) {
      counters.tally(Event.NO_PERMISSION);
    } else if (!isTold(error) || !allocation.mayTellError(nowNanos)) {
      counters.tally(Event.PEER_ERROR_UNTOLD);
    } else {
      counters.tally(Event.PEER_ERROR);
      StunMessage told =
          StunMessage.indication(Method.Known.DATA, TransactionId.random(random))
              .add(new XorPeerAddress(peer))
              .add(new Icmp(error.type(), error.code(), error.mtu()))
              .build();
      clients.send(allocation.client(), Encoder.PLAIN.encode(told));
    }
  }

  /** RFC 8656 §11.5: unreachable and time exceeded; of ICMPv6 packet too big as well. */
  private static boolean isTold(PeerError error) {
    return switch (error.peer().address().family()) {
      case IPV4 -> error.type() == 3 || error.type() == 11;
      case IPV6 -> error.type() >= 1 && error.type() <= 3;
    };
  }

  private void indicate(Allocation allocation, TransportAddress peer, ByteBuffer payload) {
    int bytes = payload.remaining();
    int header = Wire.dataIndicationHeader(peer.address().family());
    if (header - Wire.STUN_HEADER + Wire.padded(bytes) > MOST_BODY) {
      counters.tally(Event.TOO_LONG);
      return;
    }
    indication.clear().position(header);
    indication.put(payload);
    long idHigh = COOKIE | Integer.toUnsignedLong(random.nextInt());
    int length = Wire.putDataIndication(indication, 0, idHigh, random.nextLong(), peer, bytes);
    indication.position(0).limit(length);
    delivered(allocation, bytes);
    clients.send(allocation.client(), indication);
  }

  /** Whether so much is over a rate, and so dropped. */
  private boolean exceeds(Allocation allocation, int bytes, long nowNanos) {
    Meter meter = allocations.metered() ? allocation.meter() : null;
    Event cause = meter == null ? null : meter.exceeded(bytes, nowNanos);
    if (cause != null) {
      counters.tally(cause);
    }
    return cause != null;
  }

  private void delivered(Allocation allocation, int bytes) {
    allocation.down(bytes);
    counters.down(bytes);
  }

  /** The living allocation of a client that sends data; settles where the client is. */
  private @Nullable Allocation sender(FiveTuple path, long nowNanos) {
    Allocation allocation = living(allocations.of(path), nowNanos);
    if (allocation != null && allocation.next() != null) {
      allocations.heard(allocation, path, nowNanos);
    }
    return allocation;
  }

  /** The allocation if its time is not over; ending it is left to the deadline queue. */
  private static @Nullable Allocation living(@Nullable Allocation allocation, long nowNanos) {
    return allocation != null && allocation.isLive(nowNanos) ? allocation : null;
  }
}
