package org.bradawl.natlab;

import org.bradawl.natlab.world.LabNat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The NATs of two homes, Alice's and Bob's. */
final class HomesOptions {

  @Option(
      names = "--nat-a",
      paramLabel = "NAT",
      defaultValue = "port-restricted-cone",
      description = "Alice's NAT; ${DEFAULT-VALUE} if not said. " + LabNat.NOTATION)
  NatOption alice = NatOption.PUBLIC;

  @Option(
      names = "--nat-b",
      paramLabel = "NAT",
      description =
          "Bob's NAT; if not said, symmetric, and for a transfer symmetric:random, which takes a"
              + " search.")
  private @Nullable NatOption bob;

  NatOption bobOr(String usual) {
    return bob == null ? new NatOption(LabNat.parse(usual)) : bob;
  }
}
