package org.bradawl.agent;

import java.util.Optional;
import org.bradawl.agent.server.ServerAddress;
import org.bradawl.traversal.frame.Wishes;

/**
 * Who an agent is and where it belongs.
 *
 * @param token a peer token or an application key
 * @param peer the name that others connect to
 * @param wishes what it allows and prefers
 * @param examine whether to examine the NAT when the server asks for it
 */
public record AgentSettings(
    ServerAddress.Web server, String token, String peer, Wishes wishes, boolean examine) {

  /** What is usual. */
  public static AgentSettings of(ServerAddress.Web server, Optional<String> token, String peer)
      throws AgentException {
    checkName(peer);
    String shown =
        token.orElseThrow(() ->
            new AgentException(
                AgentException.Kind.REFUSED,
                "the server wants a peer token or an application key: give --token, or set"
                    + " BRADAWL_TOKEN"));
    return new AgentSettings(server, shown, peer, Wishes.none(), true);
  }

  /** Fails where no peer can have this name. */
  static void checkName(String peer) throws AgentException {
    if (!peer.matches("[A-Za-z0-9._~@:-]{1,64}")) {
      throw new AgentException(
          AgentException.Kind.WRONG_USE,
          "a peer's name has 1 to 64 letters, digits or any of . _ ~ @ : - and is not: " + peer);
    }
  }

  /** The same with other wishes. */
  public AgentSettings with(WayWishes newWishes) {
    return new AgentSettings(server, token, peer, newWishes.wishes(), examine);
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "AgentSettings[" + peer + " at " + server.base() + "]";
  }
}
