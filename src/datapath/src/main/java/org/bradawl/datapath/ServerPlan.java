package org.bradawl.datapath;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bradawl.datapath.secure.SecureTransports;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.NonceIssuer;
import org.bradawl.turn.server.Redirection;
import org.bradawl.turn.server.RelayAddress;
import org.bradawl.turn.server.ServerActions;
import org.bradawl.turn.server.SharedState;
import org.bradawl.turn.server.StunTurnServer;
import org.bradawl.turn.server.TurnPolicy;
import org.bradawl.turn.server.TurnSettings;

/**
 * What every engine starts from: where to listen, and machines that agree with each other. Nothing
 * is bound yet.
 */
public final class ServerPlan {

  /** HMAC-SHA256's own width. Made anew at each start: old nonces are stale then, and no harm. */
  private static final int NONCE_SECRET_BYTES = 32;

  private final ListenPlan listen;
  private final ExternalAddresses external;
  private final TurnSettings turn;
  private final SharedState shared;
  private final CredentialSource credentials;
  private final List<Redirection> alternates;
  private final TlsSettings tls;
  private final Optional<SecureTransports> secure;
  private final boolean mobility;
  private final SecureRandom random = new SecureRandom();
  private final byte[] nonceSecret = new byte[NONCE_SECRET_BYTES];

  /**
   * The plan for this machine as it is now; resolves names.
   *
   * @throws ConfigurationProblem if the settings and the machine do not fit
   */
  public ServerPlan(DatapathSettings settings, CredentialSource credentials) {
    this.listen = ListenPlan.of(settings.listen());
    List<IpAddress> local = RelayPlan.relayAddresses(settings.relay(), listen);
    this.external = new ExternalAddresses(settings.relay(), local);
    this.turn = RelayPlan.turnSettings(settings, listen, external.relayAddresses());
    this.shared = SharedState.of(turn, random, new HeldPorts());
    shared.policy(settings.policy());
    this.credentials = credentials;
    this.alternates = settings.turn().alternates();
    this.mobility = settings.turn().mobility();
    random.nextBytes(nonceSecret);
    this.tls = settings.tls();
    this.secure =
        listen.isSecured()
            ? Optional.of(new SecureTransports(settings.tls(), random))
            : Optional.empty();
  }

  /** The observer of the shards: this one, and a log of what is denied. */
  public static RelayObserver observing(RelayObserver observer) {
    return new DenialLog(observer);
  }

  /** Where to listen. */
  public ListenPlan listen() {
    return listen;
  }

  /** TLS and DTLS, if they are served. */
  public Optional<SecureTransports> secure() {
    return secure;
  }

  /**
   * The realm of a client.
   *
   * @param serverName the name of the server that it asked for
   */
  public String realm(Optional<String> serverName) {
    return serverName.flatMap(tls::realm).orElse(turn.realm());
  }

  /** Where relay sockets will be bound. */
  public List<RelayAddress> relayAddresses() {
    return turn.relayAddresses();
  }

  /** A machine for one more shard, which carries out what it asks for. */
  public StunTurnServer machine(ServerActions actions) {
    NonceIssuer nonces = new NonceIssuer(nonceSecret, turn.nonceLifetime(), InstantSource.system());
    StunTurnServer machine =
        new StunTurnServer(
            turn, shared, credentials, nonces, InstantSource.system(), random, actions);
    machine.balanceNewAllocations(alternates);
    machine.mobility(mobility);
    return machine;
  }

  /** Changes what the machines share; each has to be told the same policy. */
  void policy(TurnPolicy policy) {
    shared.policy(policy);
  }

  /** Whether what clients are told can change: {@link #followNames} is needed then. */
  public boolean namesNeedFollowing() {
    return external.mayChange();
  }

  /**
   * Resolves the external names again and again, on the caller's thread, until {@link
   * #stopFollowing}.
   *
   * @param changed told the new addresses whenever they differ from the last ones
   */
  public void followNames(Consumer<List<RelayAddress>> changed) {
    external.follow(changed);
  }

  /** Ends {@link #followNames}. */
  public void stopFollowing() {
    external.close();
  }
}
