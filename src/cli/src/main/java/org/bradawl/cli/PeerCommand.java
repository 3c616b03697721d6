package org.bradawl.cli;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bradawl.agent.Agent;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.AgentSettings;
import org.bradawl.agent.WayWishes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that enters as a peer. */
abstract class PeerCommand extends AgentCommand {

  /** Discovery, a plan with a search in it and the relay fit in. */
  static final Duration PATIENCE = Duration.ofSeconds(45);

  @Option(
      names = "--id",
      paramLabel = "NAME",
      description =
          "The name of this machine, by which others connect to it; a random one if not said.")
  @Nullable String id;

  @Option(
      names = "--paths",
      paramLabel = "PATH",
      split = ",",
      description =
          "Use these ways only: local, direct, reverse, hairpin, punched, predicted, searched,"
              + " port-mapped, relayed.")
  @Nullable Set<String> methods;

  @Option(
      names = "--transports",
      paramLabel = "NAME",
      split = ",",
      description = "Use these transports only: udp, tcp.")
  @Nullable Set<String> transports;

  @Option(
      names = "--relay-first",
      negatable = true,
      description = "Relay at once, and go direct as soon as that works.")
  @Nullable Boolean relayFirst;

  /** A name for those who need none, since nobody connects to them. */
  static String visitor() {
    return "visitor-" + Long.toString(new SecureRandom().nextLong() >>> 1, 36);
  }

  Agent enter(String name, boolean relaysFirst, Output output) throws AgentException {
    AgentSettings settings = AgentSettings.of(common.webServer(), common.token(), name);
    Agent agent = Agent.enter(settings.with(wishes(relaysFirst)), output::tell);
    // Whoever is stopped by a signal says goodbye too, however early, and has the router close its
    // port. Where the command has begun to leave by itself, this waits until it has.
    Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "goodbye"));
    return agent.awaitReady();
  }

  private WayWishes wishes(boolean relaysFirst) throws AgentException {
    try {
      return new WayWishes(
          relayFirst == null ? relaysFirst : relayFirst,
          Optional.ofNullable(methods).map(PeerCommand::lower),
          Optional.ofNullable(transports).map(PeerCommand::lower));
    } catch (IllegalArgumentException e) {
      throw new AgentException(Kind.WRONG_USE, String.valueOf(e.getMessage()), e);
    }
  }

  private static Set<String> lower(Set<String> words) {
    return words.stream()
        .map(word -> word.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
