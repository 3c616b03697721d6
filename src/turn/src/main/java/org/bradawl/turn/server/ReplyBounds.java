package org.bradawl.turn.server;

import java.util.List;

/**
 * How much a source that has proved nothing may make the server send. Sources count by prefix: /24
 * of IPv4, /48 of IPv6, which is what one site has and one link carries.
 *
 * @param perSecond replies for one prefix; 0 for no bound
 * @param redirectedPerSecond those among them that go to another port, or leave from another
 *     address, than the request used (RFC 5780); 0 for no bound
 * @param exempt ranges that are not bounded
 */
public record ReplyBounds(int perSecond, int redirectedPerSecond, List<Cidr> exempt) {

  /** No bounds. */
  public static final ReplyBounds NONE = new ReplyBounds(0, 0, List.of());

  /**
   * An office of 500 behind one address that comes back after an outage sends some thousand
   * requests in seconds, and repeats what is not answered. 500 replies of about 100 bytes are less
   * than half a megabit a second: nothing to whoever is behind the prefix. Behaviour discovery asks
   * for a dozen redirected replies. Loopback is exempt: nobody can forge it from outside, and what
   * is reflected there harms nobody else.
   */
  public static final ReplyBounds DEFAULT =
      new ReplyBounds(500, 50, List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")));

  /** Rejects negative bounds; copies the list. */
  public ReplyBounds {
    if (Math.min(perSecond, redirectedPerSecond) < 0) {
      throw new IllegalArgumentException("a bound cannot be negative");
    }
    exempt = List.copyOf(exempt);
  }
}
