package org.bradawl.cli;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.discovery.Checkup;
import org.bradawl.agent.json.Json;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.server.ServerAddress;
import org.bradawl.agent.server.StunServers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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

  @Option(
      names = "--ftp",
      paramLabel = "HOST[:PORT]",
      converter = FtpServer.class,
      description =
          "Find out with this FTP server, which must take anonymous users, whether the NAT has a"
              + " gateway that makes active FTP work.")
  @Nullable InetSocketAddress ftp;

  /** Reads an FTP server's place. */
  static final class FtpServer implements ITypeConverter<InetSocketAddress> {

    private static final int USUAL_PORT = 21;

    @Override
    public InetSocketAddress convert(String text) {
      int colon = text.lastIndexOf(':');
      boolean hasPort = colon > 0 && text.indexOf(':') == colon;
      String host = hasPort ? text.substring(0, colon) : text;
      try {
        int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : USUAL_PORT;
        return new InetSocketAddress(host, port);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("an FTP server is HOST or HOST:PORT, not " + text);
      }
    }
  }

  @Override
  public Integer call() throws AgentException {
    ServerAddress server = common.server();
    try (EventLoop loop = new EventLoop("check")) {
      StunServers servers = new StunServers(common::tell);
      Checkup.Result result =
          new Checkup(loop, common::tell)
              .run(
                  servers.addresses(server, common.token()),
                  tcp,
                  lifetime,
                  Optional.ofNullable(ftp));
      if (common.json) {
        System.out.println(Json.of(result.view()).pretty());
      } else {
        result.words().forEach(System.out::println);
      }
      return ExitCode.DONE.code();
    }
  }
}
