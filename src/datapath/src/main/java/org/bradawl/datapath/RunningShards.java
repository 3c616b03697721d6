package org.bradawl.datapath;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bradawl.datapath.secure.SecureTransports;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.Principal;
import org.bradawl.turn.server.AllocationId;
import org.bradawl.turn.server.AllocationView;
import org.bradawl.turn.server.EndReason;
import org.bradawl.turn.server.Redirection;
import org.bradawl.turn.server.RelayAddress;
import org.bradawl.turn.server.StunTurnServer;
import org.bradawl.turn.server.TurnPolicy;

/**
 * The relay that a set of shards makes, each on a thread of its own; whatever engine they are of.
 */
public final class RunningShards implements Datapath {

  private static final Logger LOG = System.getLogger(RunningShards.class.getName());

  /** A turn takes microseconds; a shard that does not answer by then is stuck. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  /** Half of what a service manager grants before it kills; closing takes milliseconds. */
  private static final Duration END = Duration.ofSeconds(5);

  private final String engine;
  private final List<Listener> listeners;
  private final List<Shard> shards;
  private final ServerPlan plan;
  private final List<Thread> running = new ArrayList<>();

  /** Starts the shards, whose sockets are bound already. */
  public RunningShards(
      String engine, ServerPlan plan, List<? extends Shard> shards, ThreadFactory threads) {
    this.engine = engine;
    this.shards = List.copyOf(shards);
    this.plan = plan;
    this.listeners =
        Stream.of(
                at(plan.listen().endpoints(), Transport.UDP, Transport.TCP),
                at(plan.listen().secured(), Transport.DTLS, Transport.TLS),
                at(plan.listen().shared(), Transport.values()))
            .flatMap(List::stream)
            .toList();
    shards.forEach(shard -> start(threads, shard, shard.name()));
    if (plan.namesNeedFollowing()) {
      start(threads, () -> plan.followNames(this::tell), "bradawl-resolver");
    }
    plan.secure().ifPresent(secure -> secure.start((task, name) -> start(threads, task, name)));
  }

  private static List<Listener> at(List<TransportAddress> endpoints, Transport... kinds) {
    return endpoints.stream()
        .flatMap(endpoint -> Stream.of(kinds).map(kind -> new Listener(kind, endpoint)))
        .toList();
  }

  /** Lets new allocations be told these addresses; living ones keep what they were told. */
  private void tell(List<RelayAddress> addresses) {
    shards.forEach(shard -> shard.submit((machine, now) -> machine.relayAddresses(addresses)));
  }

  private void start(ThreadFactory threads, Runnable task, String name) {
    Thread thread = threads.newThread(task);
    thread.setName(name);
    thread.start();
    running.add(thread);
  }

  @Override
  public String engine() {
    return engine;
  }

  @Override
  public List<Listener> listeners() {
    return listeners;
  }

  @Override
  public DatapathStatistics statistics() {
    return shards.stream()
        .map(Shard::statistics)
        .reduce(DatapathStatistics.NONE, DatapathStatistics::plus);
  }

  @Override
  public List<AllocationView> allocations() {
    return ask((machine, now) -> machine.allocations()).stream().flatMap(List::stream).toList();
  }

  @Override
  public boolean endAllocation(AllocationId id) {
    return ask((machine, now) -> machine.endAllocation(id, EndReason.ADMIN, now)).contains(true);
  }

  @Override
  public int endWhere(Predicate<Principal> who, EndReason reason) {
    return ask((machine, now) -> machine.endWhere(who, reason, now)).stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  @Override
  public void credentials(CredentialSource credentials) {
    shards.forEach(shard -> shard.submit((machine, now) -> machine.credentials(credentials)));
  }

  @Override
  public void accepting(boolean whether) {
    ask((machine, now) -> {
      machine.accepting(whether);
      return whether;
    });
  }

  @Override
  public void policy(TurnPolicy policy) {
    plan.policy(policy);
    ask((machine, now) -> {
      machine.policy(policy);
      return policy;
    });
  }

  @Override
  public void balanceNewAllocations(List<Redirection> servers) {
    ask((machine, now) -> {
      machine.balanceNewAllocations(servers);
      return true;
    });
  }

  @Override
  public void redirectNewAllocations(Optional<Redirection> elsewhere) {
    ask((machine, now) -> {
      machine.redirectNewAllocations(elsewhere);
      return true;
    });
  }

  @Override
  public CertificateReload reloadCertificates() {
    return plan.secure()
        .map(secure -> secure.certificates().reload())
        .orElseGet(CertificateReload.Unchanged::new);
  }

  @Override
  public boolean mayBeTrustedFor(String host) {
    return plan.secure().map(secure -> secure.certificates().mayBeTrustedFor(host)).orElse(false);
  }

  @Override
  public void close() {
    plan.stopFollowing();
    plan.secure().ifPresent(SecureTransports::close);
    shards.forEach(shard -> shard.submit(shard::stop));
    long deadline = System.nanoTime() + END.toNanos();
    try {
      for (Thread thread : running) {
        if (!thread.join(Duration.ofNanos(Math.max(deadline - System.nanoTime(), 1)))) {
          LOG.log(Level.WARNING, thread.getName() + " did not end within " + END);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks every shard at once; those that have ended or do not answer in time are left out. */
  private <A> List<A> ask(BiFunction<StunTurnServer, Long, A> question) {
    List<CompletableFuture<A>> answers = new ArrayList<>();
    for (Shard shard : shards) {
      CompletableFuture<A> answer = new CompletableFuture<>();
      if (shard.submit((machine, now) -> answer.complete(question.apply(machine, now)))) {
        answers.add(answer);
      }
    }
    long deadline = System.nanoTime() + ANSWER.toNanos();
    List<A> given = new ArrayList<>();
    for (CompletableFuture<A> answer : answers) {
      try {
        given.add(answer.get(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        LOG.log(Level.WARNING, "a shard did not answer within " + ANSWER);
      } catch (ExecutionException e) {
        throw new IllegalStateException("answers are never completed with a failure", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return given;
      }
    }
    return given;
  }
}
