package org.bradawl.agent.server;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.server.IceUri.Scheme;
import org.bradawl.agent.server.ServerEndpoint.Over;
import org.bradawl.stun.TransportAddress;

/** Where a server's STUN is. */
public final class StunServers {

  private final Consumer<String> progress;

  /** A search that tells how far it is. */
  public StunServers(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * The UDP addresses of a server's STUN, the best first. A Bradawl server says itself, to whoever
   * shows a token; without one its usual port is taken.
   */
  public List<TransportAddress> addresses(ServerAddress server, Optional<String> token)
      throws AgentException {
    List<IceUri> uris =
        switch (server) {
          case ServerAddress.Stun stun -> List.of(stun.uri());
          case ServerAddress.Web web -> token.isPresent() ? asked(web, token) : usual(web);
        };
    Resolution resolution = new Resolution(new SystemRecords());
    Set<TransportAddress> found = new LinkedHashSet<>();
    try {
      resolution.resolve(uris).stream()
          .filter(endpoint -> endpoint.over() == Over.UDP)
          .map(ServerEndpoint::address)
          .forEach(found::add);
    } catch (Unresolved e) {
      throw new AgentException(Kind.UNREACHABLE, String.valueOf(e.getMessage()), e);
    }
    if (found.isEmpty()) {
      throw new AgentException(Kind.UNREACHABLE, "no address is known for " + uris);
    }
    return new ArrayList<>(found);
  }

  private List<IceUri> asked(ServerAddress.Web web, Optional<String> token) throws AgentException {
    progress.accept("asking " + web.base() + " for its STUN server");
    List<IceUri> uris =
        new RestClient(HttpClient.newHttpClient(), web, token)
            .iceServers("check-" + Long.toString(System.nanoTime(), 36)).stream()
                .flatMap(ice -> ice.uris().stream())
                .filter(uri -> uri.scheme() == Scheme.STUN)
                .toList();
    return uris.isEmpty() ? usual(web) : uris;
  }

  private static List<IceUri> usual(ServerAddress.Web web) {
    String host = web.base().getHost().replaceAll("[\\[\\]]", "");
    return List.of(new IceUri(Scheme.STUN, host, OptionalInt.of(3478), Optional.empty()));
  }
}
