package org.bradawl.simulation;

import java.nio.ByteBuffer;
import org.bradawl.stun.TransportAddress;

/**
 * What travels: a UDP datagram, a TCP segment, or the news that a port is unreachable.
 *
 * @param ttl how many more routers it may pass
 */
public record Packet(TransportAddress source, TransportAddress destination, int ttl, Body body) {

  /** What Linux and most others send with. */
  public static final int USUAL_TTL = 64;

  /** The transports whose ports a NAT translates, each in a table of its own. */
  public enum Protocol {
    UDP,
    TCP
  }

  /** The kinds of content. */
  public sealed interface Body {
    /** Whose ports the addresses of the packet carry. */
    Protocol protocol();
  }

  /** A datagram's payload, read-only. */
  public record Datagram(ByteBuffer payload) implements Body {
    @Override
    public Protocol protocol() {
      return Protocol.UDP;
    }
  }

  /**
   * A TCP segment. Sequence numbers count whole writes, which is all that the machines can see.
   *
   * @param index number of the write that {@code payload} is; for ACK how many writes arrived
   */
  public record Segment(Flag flag, int index, ByteBuffer payload) implements Body {
    /** What a segment is for. */
    public enum Flag {
      SYN,
      SYN_ACK,
      ACK,
      DATA,
      RST
    }

    /** A segment that carries no data. */
    public static Segment of(Flag flag) {
      return new Segment(flag, 0, ByteBuffer.allocate(0));
    }

    @Override
    public Protocol protocol() {
      return Protocol.TCP;
    }
  }

  /** ICMP port unreachable, addressed to the sender of the packet that met nobody. */
  public record Unreachable(Protocol protocol) implements Body {}

  /** A datagram on its way. */
  public static Packet datagram(
      TransportAddress source, TransportAddress destination, int ttl, ByteBuffer payload) {
    return new Packet(
        source, destination, ttl, new Datagram(payload.duplicate().asReadOnlyBuffer()));
  }

  /** The transport whose ports the packet carries. */
  public Protocol protocol() {
    return body.protocol();
  }

  /** The same packet with another source. */
  public Packet from(TransportAddress newSource) {
    return new Packet(newSource, destination, ttl, body);
  }

  /** The same packet with another destination. */
  public Packet to(TransportAddress newDestination) {
    return new Packet(source, newDestination, ttl, body);
  }

  /** The same packet after {@code hops} more routers; it is dead once its TTL is 0 or less. */
  public Packet after(int hops) {
    return new Packet(source, destination, ttl - hops, body);
  }

  /** The answer of a node on which nothing waits at the destination's port. */
  public Packet refused() {
    Body refusal =
        switch (body) {
          case Segment _ -> Segment.of(Segment.Flag.RST);
          case Datagram _, Unreachable _ -> new Unreachable(protocol());
        };
    return new Packet(/* source= */ destination, /* destination= */ source, USUAL_TTL, refusal);
  }

  /** Whether it ends a TCP connection, or an attempt at one. */
  public boolean isReset() {
    return body instanceof Segment segment && segment.flag() == Segment.Flag.RST;
  }

  /** Whether answering this with {@link #refused()} could go on for ever. */
  public boolean isRefusal() {
    return switch (body) {
      case Unreachable _ -> true;
      case Segment segment -> segment.flag() == Segment.Flag.RST;
      case Datagram _ -> false;
    };
  }
}
