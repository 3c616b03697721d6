package org.bradawl.natlab.world;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How two hosts stand to each other. */
public enum Topology {
  /** The article's first and third: each behind its own NAT, or public where its NAT is. */
  TWO_HOMES,
  /** As two homes, with one and the same private range. */
  OVERLAPPING,
  /** The second: both behind the first NAT. */
  ONE_HOME,
  /** The fourth: each behind its own NAT, and both NATs behind a carrier's. */
  CARRIER,
  /** Two homes, and both have IPv6 too, behind a firewall. */
  IPV6_BOTH,
  /** Two homes, and Alice's has IPv6 too. */
  IPV6_ONE;

  /** Two hosts and what stands between them. */
  public record Standing(Host alice, Host bob, List<AutoCloseable> parts) implements AutoCloseable {
    @Override
    public void close() {
      for (AutoCloseable part : parts) {
        closeOne(part);
      }
    }

    private static void closeOne(AutoCloseable part) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot take the lab down", e);
      }
    }
  }

  private static final int ALICES = 1;
  private static final int BOBS = 2;

  /** As it is written on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The topology of this name. */
  public static Optional<Topology> named(String label) {
    return Arrays.stream(values()).filter(one -> one.label().equals(label)).findFirst();
  }

  /**
   * Builds it.
   *
   * @param first Alice's NAT; empty if she is public
   * @param second Bob's NAT, where he has one of his own
   * @param carrier the carrier's NAT, where there is one
   */
  public Standing build(
      Internet internet, Optional<LabNat> first, Optional<LabNat> second, LabNat carrier) {
    return switch (this) {
      case TWO_HOMES -> homes(internet, first, second, Router.homeRange(BOBS));
      case IPV6_BOTH, IPV6_ONE -> {
        Router a = router(internet, "nat-a", first.orElse(carrier), ALICES);
        Host alice = a.host("alice");
        internet.giveV6(a);
        Router b = router(internet, "nat-b", second.orElse(carrier), BOBS);
        Host bob = b.host("bob");
        if (this == IPV6_BOTH) {
          internet.giveV6(b);
        }
        yield new Standing(alice, bob, List.of(a, b));
      }
      case OVERLAPPING -> homes(internet, first, second, Router.homeRange(ALICES));
      case ONE_HOME -> {
        Router home = router(internet, "nat", first.orElse(carrier), ALICES);
        yield new Standing(home.host("alice"), home.host("bob"), List.of(home));
      }
      case CARRIER -> {
        Router outer = Router.behind(internet, "carrier", carrier, Router.CARRIER_RANGE);
        Router a = router(outer, "nat-a", first.orElse(carrier), ALICES);
        Router b = router(outer, "nat-b", second.orElse(carrier), ALICES);
        yield new Standing(a.host("alice"), b.host("bob"), List.of(a, b, outer));
      }
    };
  }

  private static Router router(Link link, String name, LabNat nat, int number) {
    return Router.behind(link, name, nat, Router.homeRange(number));
  }

  private static Standing homes(
      Internet internet, Optional<LabNat> first, Optional<LabNat> second, String bobsRange) {
    Home a = home(internet, "a", "alice", first, Router.homeRange(ALICES));
    Home b = home(internet, "b", "bob", second, bobsRange);
    return new Standing(a.host, b.host, List.of(a.whole, b.whole));
  }

  private record Home(Host host, AutoCloseable whole) {}

  private static Home home(
      Internet internet, String letter, String name, Optional<LabNat> nat, String range) {
    if (nat.isEmpty()) {
      Host host = internet.host(name);
      return new Home(host, host);
    }
    Router router = Router.behind(internet, "nat-" + letter, nat.get(), range);
    return new Home(router.host(name), router);
  }
}
