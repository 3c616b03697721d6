package org.bradawl.turn.server;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.AlternateDomain;
import org.bradawl.stun.attribute.AlternateServer;

/**
 * Whether a valid user's new allocation belongs on another server. A drain sends all away, to the
 * others of the list if there is one; a list of servers that balance each other sends each user to
 * one of them, by a rendezvous hash of name and address: servers with the same list agree without
 * talking, so that nobody is sent in circles.
 */
final class Redirecting {

  private final Set<IpAddress> own;
  private Optional<Redirection> drain = Optional.empty();
  private List<Redirection> balance = List.of();

  Redirecting(TurnSettings settings) {
    this.own =
        settings.relayAddresses().stream()
            .map(RelayAddress::advertised)
            .collect(Collectors.toSet());
    own.addAll(settings.ownAddresses());
  }

  void drain(Optional<Redirection> elsewhere) {
    this.drain = elsewhere;
  }

  void balance(List<Redirection> servers) {
    this.balance = List.copyOf(servers);
  }

  /** The answer that sends this client elsewhere; empty if it is to be served here. */
  Optional<Reply.Failure> elsewhere(FiveTuple path, String user) {
    Optional<Redirection> chosen =
        choose(path, user)
            .or(() -> drain)
            .filter(to -> to.of(path).isPresent() && !isHere(to, path));
    return chosen.map(to -> failure(to, to.of(path).orElseThrow()));
  }

  /** Who of the list has this client; during a drain, who has it when this server is gone. */
  private Optional<Redirection> choose(FiveTuple path, String user) {
    long who = Hashing.mix(user.hashCode() ^ path.client().address().high());
    who = Hashing.mix(who ^ path.client().address().low());
    Optional<Redirection> best = Optional.empty();
    long most = 0;
    for (Redirection candidate : balance) {
      Optional<TransportAddress> address = candidate.of(path);
      if (address.isPresent() && !(drain.isPresent() && isHere(candidate, path))) {
        long weight = weight(who, address.get());
        if (best.isEmpty() || Long.compareUnsigned(weight, most) > 0) {
          best = Optional.of(candidate);
          most = weight;
        }
      }
    }
    return best;
  }

  private static long weight(long who, TransportAddress server) {
    long mixed = Hashing.mix(who ^ server.address().high());
    return Hashing.mix(Hashing.mix(mixed ^ server.address().low()) ^ server.port());
  }

  /**
   * An address of ours is us, whichever port a client came by; where several servers of the list
   * share it, the port tells them apart.
   */
  private boolean isHere(Redirection to, FiveTuple path) {
    TransportAddress server = to.of(path).orElseThrow();
    if (server.equals(path.server())) {
      return true;
    }
    boolean ours =
        own.contains(server.address()) || server.address().equals(path.server().address());
    return ours && (server.port() == path.server().port() || isAlone(server, path));
  }

  private boolean isAlone(TransportAddress server, FiveTuple path) {
    return balance.stream()
            .flatMap(other -> other.of(path).stream())
            .filter(other -> other.address().equals(server.address()))
            .count()
        == 1;
  }

  private static Reply.Failure failure(Redirection to, TransportAddress address) {
    Reply.Failure failure = Reply.Failure.of(Fault.TRY_ALTERNATE, new AlternateServer(address));
    return to.domain().map(name -> failure.with(new AlternateDomain(name))).orElse(failure);
  }
}
