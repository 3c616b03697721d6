package org.bradawl.server.settings.control;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bradawl.datapath.TokenAccess;
import org.bradawl.server.allocations.control.Relay;
import org.bradawl.server.applications.control.KeysRevoked;
import org.bradawl.server.applications.control.KnownKeys;
import org.bradawl.server.platform.control.Configuration;
import org.bradawl.turn.auth.ChainedCredentials;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.bradawl.turn.auth.PhasedOutCredentials;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.auth.RealmUser;
import org.bradawl.turn.auth.RevocableCredentials;
import org.bradawl.turn.auth.RotatedCredentials;
import org.bradawl.turn.auth.StaticUsers;
import org.bradawl.turn.auth.UserKeys;
import org.bradawl.turn.server.AllocationInfo;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.EndReason;

/**
 * Who may use the relay, and how much, as the relay is told: at the start, and whenever users,
 * secrets, application keys or settings change. What loses its credential ends with it, at once.
 */
@ApplicationScoped
public class RelayAccess {

  /** RFC 8656 §7.2: nothing lives longer without a request, which shows the secret it is under. */
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

  private static final System.Logger LOG = System.getLogger("bradawl");

  @Inject private Relay relay;
  @Inject private TurnSecrets secrets;
  @Inject private KnownKeys keys;
  @Inject private InstantSource clock;
  @Resource private ManagedScheduledExecutorService timer;

  private final SecureRandom random = new SecureRandom();
  private Map<RealmUser, UserKeys> stored = Map.of();
  private Map<RealmUser, UserKeys> configured = Map.of();
  private String realm = "";
  private TokenAccess tokens = new TokenAccess("", Map.of());
  private Optional<Future<?>> forgetting = Optional.empty();

  /** The source to start the relay with. */
  public synchronized CredentialSource begin(
      Configuration configuration, Map<RealmUser, UserKeys> storedUsers) {
    realm = configuration.datapath().turn().realm();
    tokens = configuration.datapath().turn().tokens();
    configured = users(configuration);
    stored = Map.copyOf(storedUsers);
    secrets.current().before().ifPresent(this::schedule);
    return source();
  }

  /** The configuration has changed. */
  synchronized void changed(Configuration before, Configuration after) {
    secrets.configured(after);
    Map<RealmUser, UserKeys> last = configured;
    configured = users(after);
    relay
        .running()
        .ifPresent(datapath -> {
          datapath.policy(after.datapath().policy());
          datapath.balanceNewAllocations(after.datapath().turn().alternates());
        });
    endUsers(last, configured);
  }

  /** The stored users have changed. */
  public synchronized void users(Map<RealmUser, UserKeys> storedUsers) {
    Map<RealmUser, UserKeys> last = stored;
    stored = Map.copyOf(storedUsers);
    endUsers(last, stored);
  }

  private void endUsers(Map<RealmUser, UserKeys> last, Map<RealmUser, UserKeys> now) {
    tell();
    Set<String> gone = new HashSet<>();
    last.forEach((who, key) -> {
      if (!key.equals(now.get(who))) {
        gone.add(who.principal(realm).user());
      }
    });
    if (!gone.isEmpty()) {
      end(who -> gone.contains(who.user()));
    }
  }

  void keysRevoked(@Observes KeysRevoked revoked) {
    Set<String> gone =
        revoked.keys().stream().map(KnownKeys::issuer).collect(Collectors.toUnmodifiableSet());
    end(who -> gone.contains(who.issuer()));
  }

  synchronized void rotated(@Observes SecretRotated rotated) {
    tell();
    if (rotated.next().before().isPresent()) {
      schedule(rotated.next().before().get());
    } else if (rotated.last().before().isPresent()
        && rotated.next().secret().equals(rotated.last().secret())) {
      endUnderOld(rotated.last().before().get());
    } else {
      end(ephemeral());
    }
  }

  private void schedule(TurnSecrets.Before before) {
    forgetting.ifPresent(task -> task.cancel(false));
    long wait = Math.max(Duration.between(clock.instant(), before.until()).toMillis(), 0);
    forgetting = Optional.of(timer.schedule(secrets::forget, wait + 1, TimeUnit.MILLISECONDS));
  }

  /**
   * Ends what began under a secret that is no longer good. What has sent a request since is bounded
   * by its credential already; only after a short overlap may there be some that has not.
   */
  private void endUnderOld(TurnSecrets.Before before) {
    if (Duration.between(before.replaced(), before.until()).compareTo(LONGEST_SILENCE) >= 0) {
      return;
    }
    Instant now = clock.instant();
    long nanos = System.nanoTime();
    Set<Principal> old = Collections.newSetFromMap(new IdentityHashMap<>());
    relay.running().stream()
        .flatMap(datapath -> datapath.allocations().stream())
        .map(AllocationView::info)
        .filter(info -> began(info, now, nanos).isBefore(before.replaced()))
        .map(AllocationInfo::principal)
        .filter(ephemeral())
        .forEach(old::add);
    end(old::contains);
  }

  private static Instant began(AllocationInfo info, Instant now, long nanos) {
    return now.plusNanos(info.startedNanos() - nanos);
  }

  /** Those who are no users with passwords. */
  private Predicate<Principal> ephemeral() {
    Set<String> users = new HashSet<>(names(configured));
    users.addAll(names(stored));
    return who -> !users.contains(who.user());
  }

  private Set<String> names(Map<RealmUser, UserKeys> users) {
    return users.keySet().stream()
        .map(user -> user.principal(realm).user())
        .collect(Collectors.toUnmodifiableSet());
  }

  private void end(Predicate<Principal> who) {
    int ended =
        relay
            .running()
            .map(datapath -> datapath.endWhere(who, EndReason.CREDENTIAL_REVOKED))
            .orElse(0);
    if (ended > 0) {
      LOG.log(Level.INFO, "{0} sessions ended with their credentials", ended);
    }
  }

  private void tell() {
    relay.running().ifPresent(datapath -> datapath.credentials(source()));
  }

  private static Map<RealmUser, UserKeys> users(Configuration configuration) {
    return Map.copyOf(configuration.datapath().turn().allUsers());
  }

  private CredentialSource source() {
    Map<RealmUser, UserKeys> known = new HashMap<>(stored);
    known.putAll(configured);
    CredentialSource users = StaticUsers.ofRealms(realm, known, random);
    TurnSecrets.Ring ring = secrets.current();
    CredentialSource current = new EphemeralCredentials(ring.secret());
    Optional<CredentialSource> before =
        ring.before()
            .map(old ->
                new PhasedOutCredentials(new EphemeralCredentials(old.secret()), old.until()));
    CredentialSource ephemeral =
        before.<CredentialSource>map(old -> new RotatedCredentials(current, old)).orElse(current);
    List<CredentialSource> sources = new ArrayList<>(List.of(users, ephemeral));
    tokens.source().ifPresent(sources::add);
    return new RevocableCredentials(
        new ChainedCredentials(sources),
        who -> who.issuer().isEmpty() || keys.issues(who.issuer()));
  }
}
