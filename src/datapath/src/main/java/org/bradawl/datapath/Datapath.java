package org.bradawl.datapath;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.AllocationId;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.Redirection;
import org.bradawl.turn.server.TurnPolicy;

/**
 * A running relay. Safe for threads: questions and commands travel to the shards through their
 * queues, or are answered from what the shards last published.
 */
public interface Datapath extends AutoCloseable {

  /**
   * A transport address that clients reach the server at.
   *
   * @param transport UDP or TCP
   */
  record Listener(Transport transport, TransportAddress address) {}

  /** The name of the engine that runs. */
  String engine();

  /** Where clients are served, in the order of the settings. */
  List<Listener> listeners();

  /** The sums over all shards, at most a second old. */
  DatapathStatistics statistics();

  /**
   * The living allocations, with their traffic until now. Waits for the shards, for at most two
   * seconds; one that does not answer by then is left out.
   */
  List<AllocationView> allocations();

  /**
   * Ends an allocation, with {@link org.bradawl.turn.server.EndReason#ADMIN}. When it returns true,
   * nothing is relayed any more.
   *
   * @return whether there was one with this id
   */
  boolean endAllocation(AllocationId id);

  /**
   * Ends every allocation of those whom {@code who} names, on all shards. When it returns, nothing
   * of theirs is relayed any more. A new allocation is another matter: {@linkplain #credentials
   * take the credential away} first.
   *
   * @param who asked on shard threads
   * @param reason told to the observer
   * @return how many ended
   */
  int endWhere(Predicate<Principal> who, EndReason reason);

  /**
   * Replaces where keys come from; allocations go on under the credentials they began with. Takes
   * effect within a turn of each shard.
   */
  void credentials(CredentialSource credentials);

  /**
   * Lets new allocations begin, or refuses them; those that live go on. When this returns, it
   * holds.
   */
  void accepting(boolean whether);

  /**
   * Changes quotas, rates and peer rules. Each shard changes all at once; when this returns, all
   * have. What allocations have stays, but nothing reaches a peer any more that is denied now.
   */
  void policy(TurnPolicy policy);

  /**
   * Sends valid users who ask for a new allocation to another server (300, Try Alternate): to the
   * others that {@linkplain #balanceNewAllocations share the clients}, or else to this one. Living
   * allocations stay. When this returns, it holds.
   *
   * @param elsewhere empty to serve them here again
   */
  void redirectNewAllocations(Optional<Redirection> elsewhere);

  /**
   * Changes which servers share the clients; what began here stays. When this returns, it holds.
   *
   * @param servers empty to serve everybody here
   */
  void balanceNewAllocations(List<Redirection> servers);

  /**
   * Looks at the files of certificates and keys now, instead of within the next seconds. Sessions
   * go on in any case.
   */
  CertificateReload reloadCertificates();

  /**
   * Whether TLS is served with a certificate for this host that was not made by the server itself,
   * so that a browser may trust it.
   *
   * @param host a DNS name, or an address without brackets
   */
  boolean mayBeTrustedFor(String host);

  /**
   * Ends every allocation with {@link org.bradawl.turn.server.EndReason#SHUTDOWN}, tells the
   * observer, and closes every socket. Takes at most five seconds; a second call does nothing.
   */
  @Override
  void close();
}
