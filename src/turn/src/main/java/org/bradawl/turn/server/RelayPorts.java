package org.bradawl.turn.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.IpAddress.Family;

/** One shard's dealings with the ports that all shards share: lending, reserving, giving back. */
final class RelayPorts {

  private static final long RESERVATION_NANOS = TurnSettings.RESERVATION_LIFETIME.toNanos();

  /** What EVEN-PORT asks for (RFC 8656 §7.2). */
  enum Parity {
    ANY,
    EVEN,
    /** An even port, and the next one kept for later. */
    PAIR
  }

  /** What an Allocate request asks for. */
  sealed interface Wish {

    /**
     * A port nobody has.
     *
     * @param preferred the address the client talks to; relaying there too spares the client and
     *     its firewall a second address
     */
    record Fresh(Family family, Parity parity, IpAddress preferred) implements Wish {}

    /** The port that this token stands for. */
    record Reserved(long token) implements Wish {}
  }

  /** A port lent, and with {@link Parity#PAIR} the one above it. */
  record Loan(RelayPort port, boolean hasSpare) {

    RelayPort spare() {
      return new RelayPort(port.relayAddress(), port.port() + 1);
    }
  }

  private List<RelayAddress> addresses;
  private final SharedState shared;
  private final DeadlineQueue deadlines;
  private final Map<Long, Reservation> reservations = new HashMap<>();

  /** Ends a reservation that this shard made, if it was not redeemed meanwhile, by any shard. */
  private final class Reservation extends Timed {

    private final long token;

    Reservation(long token) {
      this.token = token;
    }

    @Override
    void due(long nowNanos) {
      reservations.remove(token);
      shared.reservations().drop(token).ifPresent(this::giveBack);
    }

    private void giveBack(RelayPort port) {
      shared.hold().release(port.bound());
      shared.giveBack(port);
    }
  }

  RelayPorts(TurnSettings settings, SharedState shared, DeadlineQueue deadlines) {
    this.addresses = settings.relayAddresses();
    this.shared = shared;
    this.deadlines = deadlines;
  }

  /** Replaces what clients are told; the local addresses stay the same. */
  void addresses(List<RelayAddress> addresses) {
    addresses.forEach(address -> shared.pool(address.local()));
    this.addresses = List.copyOf(addresses);
  }

  boolean serves(Family family) {
    return addresses.stream().anyMatch(address -> address.local().family() == family);
  }

  Optional<Loan> lend(Wish wish, long nowNanos) {
    return switch (wish) {
      case Wish.Reserved reserved ->
          shared.reservations().redeem(reserved.token(), nowNanos).map(this::redeemed);
      case Wish.Fresh fresh -> lend(fresh);
    };
  }

  /** Released here, because the relay socket is bound next. */
  private Loan redeemed(RelayPort port) {
    shared.hold().release(port.bound());
    return new Loan(port, false);
  }

  private Optional<Loan> lend(Wish.Fresh wish) {
    Optional<Loan> loan = lend(wish, true);
    return loan.isPresent() ? loan : lend(wish, false);
  }

  /** From the addresses that are the preferred one, or from those that are not. */
  private Optional<Loan> lend(Wish.Fresh wish, boolean preferred) {
    for (RelayAddress address : addresses) {
      IpAddress local = address.local();
      if (local.family() == wish.family() && local.equals(wish.preferred()) == preferred) {
        Optional<Loan> loan = lendAt(address, wish.parity());
        if (loan.isPresent()) {
          return loan;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Loan> lendAt(RelayAddress address, Parity parity) {
    PortPool pool = shared.pool(address.local());
    OptionalInt port =
        switch (parity) {
          case ANY -> pool.lend();
          case EVEN -> pool.lendEven();
          case PAIR -> pool.lendPair();
        };
    return port.isPresent()
        ? Optional.of(new Loan(new RelayPort(address, port.getAsInt()), parity == Parity.PAIR))
        : Optional.empty();
  }

  /** Whether the spare port of a loan, if it has one, is free on this machine; holds it then. */
  boolean holdSpare(Loan loan) {
    return !loan.hasSpare() || shared.hold().hold(loan.spare().bound());
  }

  /** Reserves the spare port of a loan, if it has one; the token. */
  OptionalLong reserveSpare(Loan loan, long nowNanos) {
    if (!loan.hasSpare()) {
      return OptionalLong.empty();
    }
    long expires = nowNanos + RESERVATION_NANOS;
    long token = shared.reservations().reserve(loan.spare(), expires);
    Reservation reservation = new Reservation(token);
    reservations.put(token, reservation);
    deadlines.schedule(reservation, expires);
    return OptionalLong.of(token);
  }

  void giveBack(Loan loan) {
    shared.giveBack(loan.port());
    if (loan.hasSpare()) {
      shared.giveBack(loan.spare());
    }
  }

  /** Ends every reservation of this shard before its time. */
  void dropReservations(long nowNanos) {
    for (Reservation reservation : List.copyOf(reservations.values())) {
      deadlines.cancel(reservation);
      reservation.due(nowNanos);
    }
  }
}
