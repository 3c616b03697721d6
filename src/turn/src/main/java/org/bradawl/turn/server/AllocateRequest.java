package org.bradawl.turn.server;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bradawl.stun.IpAddress.Family;
import org.bradawl.stun.attribute.AdditionalAddressFamily;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.RequestedAddressFamily;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;

/**
 * What an Allocate request asks for, and whether that makes sense (RFC 8656 §7.2, RFC 6062 §5.1).
 */
record AllocateRequest(Exchange exchange) {

  /** Since made 0x8000; assigned to nothing else. */
  private static final int DRAFT_ADDITIONAL_ADDRESS_FAMILY = 0x8032;

  static boolean asksForTcp(Exchange exchange) {
    return exchange
        .first(RequestedTransport.class)
        .filter(transport -> transport.protocol() == RequestedTransport.TCP)
        .isPresent();
  }

  /**
   * The checks of RFC 8656 §7.2 that need no resource, in its order.
   *
   * @param served whether this server has relay addresses of a family
   */
  Optional<Fault> fault(Predicate<Family> served) {
    Optional<RequestedTransport> transport = exchange.first(RequestedTransport.class);
    if (transport.isEmpty()) {
      return Optional.of(Fault.BAD_REQUEST);
    }
    boolean tcp = transport.get().protocol() == RequestedTransport.TCP;
    if (!tcp && transport.get().protocol() != RequestedTransport.UDP) {
      return Optional.of(Fault.UNSUPPORTED_TRANSPORT);
    }
    if ((tcp && !mayRelayTcp()) || contradictsItself()) {
      return Optional.of(Fault.BAD_REQUEST);
    }
    return exchange.has(ReservationToken.class)
            || (asksForTwo() && (served.test(Family.IPV4) || served.test(Family.IPV6)))
            || family().filter(served).isPresent()
        ? Optional.empty()
        : Optional.of(Fault.ADDRESS_FAMILY_NOT_SUPPORTED);
  }

  /** RFC 6062 §5.1: to clients on streams only, and without what makes sense for datagrams only. */
  private boolean mayRelayTcp() {
    return exchange.path().transport().isStream()
        && !exchange.has(DontFragment.class)
        && !exchange.has(EvenPort.class)
        && !exchange.has(ReservationToken.class);
  }

  /** A token says all there is to say of a relay; and a family is the only one, or the first. */
  private boolean contradictsItself() {
    boolean family = exchange.has(RequestedAddressFamily.class);
    boolean additional = additional().isPresent();
    boolean even = exchange.has(EvenPort.class);
    return (exchange.has(ReservationToken.class) && (even || family || additional))
        || (family && additional)
        || !mayHaveTwo();
  }

  /** The additional family is IPv6, and nobody keeps two pairs of ports. */
  private boolean mayHaveTwo() {
    Optional<AdditionalAddressFamily> additional = additional();
    return additional.isEmpty()
        || (additional.get().code() == Family.IPV6.code()
            && exchange.first(EvenPort.class).filter(EvenPort::reserveNext).isEmpty());
  }

  private boolean asksForTwo() {
    return additional().isPresent() && !asksForTcp(exchange);
  }

  /** By its number of RFC 8656 §18.11, or by that of its drafts, which coturn's client sends. */
  private Optional<AdditionalAddressFamily> additional() {
    return exchange
        .first(AdditionalAddressFamily.class)
        .or(() ->
            exchange
                .unknown(DRAFT_ADDITIONAL_ADDRESS_FAMILY)
                .filter(attribute -> attribute.value().length() == 4)
                .map(attribute -> new AdditionalAddressFamily(attribute.value().u8(0))));
  }

  /** Without a word, IPv4. Empty for a family nobody knows. */
  private Optional<Family> family() {
    return exchange
        .first(RequestedAddressFamily.class)
        .map(RequestedAddressFamily::family)
        .orElse(Optional.of(Family.IPV4));
  }

  /** What to ask for one after the other: one relay, or with an additional family two. */
  List<RelayPorts.Wish> wishes() {
    return asksForTwo()
        ? List.of(wish(Family.IPV4), wish(Family.IPV6))
        : List.of(wish(family().orElse(Family.IPV4)));
  }

  private RelayPorts.Wish wish(Family family) {
    Optional<ReservationToken> token = exchange.first(ReservationToken.class);
    if (token.isPresent()) {
      return new RelayPorts.Wish.Reserved(token.get().token());
    }
    RelayPorts.Parity parity =
        exchange
            .first(EvenPort.class)
            .map(even -> even.reserveNext() ? RelayPorts.Parity.PAIR : RelayPorts.Parity.EVEN)
            .orElse(RelayPorts.Parity.ANY);
    return new RelayPorts.Wish.Fresh(family, parity, exchange.path().server().address());
  }
}
