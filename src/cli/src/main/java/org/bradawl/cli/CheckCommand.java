package org.bradawl.cli;

import org.bradawl.agent.AgentException;
import org.bradawl.agent.discovery.Checkup;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.server.ServerAddress;
import org.bradawl.agent.server.StunServers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code check}. */
@Command(
    name = "check",
    description = {
      "Finds out what the NAT between this machine and the server does, within 3 seconds.",
      "",
      "The server may be any that speaks RFC 5780: --server stun:HOST[:PORT]. Mapping and"
          + " filtering can only be told by a server with two addresses.",
      ""
    })
final class CheckCommand extends AgentCommand {

  @Option(names = "--tcp", description = "Examine TCP too.")
  boolean tcp;

  @Option(
      names = "--lifetime",
      description = "Search for the lifetime of idle mappings too; takes up to 10 minutes.")
  boolean lifetime;

  @Override
  public Integer call() throws AgentException {
    ServerAddress server = common.server();
    try (EventLoop loop = new EventLoop("check")) {
      StunServers servers = new StunServers(common::tell);
      Checkup.Result result =
          new Checkup(loop, common::tell)
              .run(servers.addresses(server, common.token()), tcp, lifetime);
      if (common.json) {
        System.out.println(Json.of(result.view()).pretty());
      } else {
        result.words().forEach(System.out::println);
      }
      return ExitCode.DONE.code();
    }
  }
}
