package org.bradawl.cli;

import java.util.Optional;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.server.ServerAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command of the agent takes. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CommonOptions {

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:BRADAWL_SERVER}",
      description = "The server's http or https URL, also from BRADAWL_SERVER.")
  @Nullable String server;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:BRADAWL_TOKEN}",
      description =
          "A peer token or an application key. Other users of this machine see what is written"
              + " here: BRADAWL_TOKEN keeps it from them.")
  @Nullable String token;

  @Option(names = "--json", description = "Print JSON for programs instead of words for people.")
  boolean json;

  @Option(names = "--verbose", description = "Tell every step on standard error.")
  boolean verbose;

  @Option(
      names = {"--help", "-h"},
      usageHelp = true,
      description = "Print this text.")
  boolean help;

  ServerAddress server() throws AgentException {
    if (server == null || server.isEmpty()) {
      throw new AgentException(
          Kind.WRONG_USE, "which server? Give --server URL, or set BRADAWL_SERVER");
    }
    try {
      return ServerAddress.parse(server);
    } catch (IllegalArgumentException e) {
      throw new AgentException(Kind.WRONG_USE, String.valueOf(e.getMessage()), e);
    }
  }

  /** A server whose front door is known. */
  ServerAddress.Web webServer() throws AgentException {
    return switch (server()) {
      case ServerAddress.Web web -> web;
      case ServerAddress.Stun stun ->
          throw new AgentException(
              Kind.WRONG_USE,
              "--server must be the http or https URL of a Bradawl server, not " + stun.uri());
    };
  }

  Optional<String> token() {
    return Optional.ofNullable(token).filter(text -> !text.isEmpty());
  }

  /** Says on standard error what goes on, to whom it may concern. */
  void tell(String what) {
    if (verbose) {
      System.err.println("bradawl: " + what);
    }
  }
}
