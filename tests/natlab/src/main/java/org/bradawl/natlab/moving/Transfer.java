package org.bradawl.natlab.moving;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bradawl.agent.json.Json;
import org.bradawl.natlab.net.LabFailure;
import org.bradawl.natlab.pairs.PeerProcess;
import org.bradawl.natlab.program.JavaCommands;
import org.bradawl.natlab.program.LabServer;
import org.bradawl.natlab.world.Host;
import org.bradawl.natlab.world.Internet;
import org.bradawl.natlab.world.LabNat;
import org.bradawl.natlab.world.Router;

/**
 * A lot of bytes between two homes over one connection: relayed first, then direct; and, where that
 * is asked for, with the direct way cut in the middle.
 */
public final class Transfer {

  private static final Duration READY = Duration.ofSeconds(60);

  /** A slow machine under load still moves a megabyte a second. */
  private static final double LEAST_BYTES_PER_SECOND = 1e6;

  /**
   * How one went.
   *
   * @param intact whether both sides have seen the same bytes, and all of them
   * @param ways the ways of the receiving side, in their order
   * @param changedAfter after how many bytes each of them but the first began
   * @param longestGapMillis the longest time between two deliveries
   * @param longestGapAfter after how many bytes that was
   * @param cutAfter how many bytes there were when the direct way was cut
   */
  public record Result(
      boolean intact,
      long bytes,
      double seconds,
      List<String> ways,
      List<Long> changedAfter,
      double longestGapMillis,
      long longestGapAfter,
      Optional<Long> cutAfter,
      String said) {
    /** Copies the lists. */
    public Result {
      ways = List.copyOf(ways);
      changedAfter = List.copyOf(changedAfter);
    }
  }

  private final Internet internet;
  private final long bytes;

  /** Transfers of this many bytes. */
  public Transfer(Internet internet, long bytes) {
    this.internet = internet;
    this.bytes = bytes;
  }

  /**
   * Builds two homes and sends from one to the other.
   *
   * @param cut whether to cut the direct way when half of it is there
   */
  public Result run(LabNat from, LabNat to, String suffix, boolean cut) {
    try (Router a = internet.router("nat-a", from);
        Router b = internet.router("nat-b", to);
        PeerProcess alice = agent(a.host("alice"), "alice" + suffix);
        PeerProcess bob = agent(b.host("bob"), "bob" + suffix)) {
      for (PeerProcess peer : List.of(alice, bob)) {
        if (peer.await("ready", 0, READY).isEmpty()) {
          throw new LabFailure(peer.name() + " does not get ready:\n" + peer.said(0));
        }
      }
      alice.order("send " + bob.name() + " " + bytes);
      Optional<Long> cutAfter =
          cut ? Optional.of(cutInTheMiddle(bob, a.address(), b.address())) : Optional.empty();
      Optional<Json> received = bob.await("received", 0, patience());
      Optional<Json> sent = alice.await("sent", 0, Duration.ofSeconds(10));
      if (received.isEmpty() || sent.isEmpty()) {
        throw new LabFailure(
            "it did not arrive\nAlice:\n" + alice.said(0) + "\nBob:\n" + bob.said(0));
      }
      return result(received.get(), sent.get(), cutAfter, bob, alice);
    } finally {
      if (cut) {
        internet.namespace().rules("table ip cut {}\ndelete table ip cut\n");
      }
    }
  }

  private static PeerProcess agent(Host host, String name) {
    return PeerProcess.start(
        host.namespace(),
        name,
        JavaCommands.program(
            TransferProgram.class.getName(),
            List.of("-Xmx256m"),
            LabServer.URL,
            LabServer.KEY,
            name));
  }

  private Duration patience() {
    return Duration.ofSeconds(60 + (long) (bytes / LEAST_BYTES_PER_SECOND));
  }

  private long cutInTheMiddle(PeerProcess receiver, String one, String other) {
    long deadline = System.nanoTime() + patience().toNanos();
    int mark = 0;
    while (System.nanoTime() - deadline < 0) {
      Optional<Json> progress = receiver.await("progress", mark, patience());
      if (progress.isEmpty()) {
        throw new LabFailure("nothing arrives:\n" + receiver.said(0));
      }
      mark = receiver.mark();
      long taken = progress.get().get("taken").number().orElse(0);
      boolean direct = ways(receiver).size() > 1;
      if (direct && taken >= bytes / 2) {
        cut(one, other);
        return taken;
      }
      if (taken >= bytes * 9 / 10) {
        throw new LabFailure("no direct way in time:\n" + receiver.said(0));
      }
    }
    throw new LabFailure("no direct way in time:\n" + receiver.said(0));
  }

  private void cut(String one, String other) {
    internet
        .namespace()
        .rules(
            """
            table ip cut {
              chain forward { type filter hook forward priority -10;
                ip saddr %1$s ip daddr %2$s drop
                ip saddr %2$s ip daddr %1$s drop
              }
            }
            """
                .formatted(one, other));
  }

  private static List<Json> ways(PeerProcess peer) {
    return peer.said(0)
        .lines()
        .filter(line -> line.startsWith("{\"event\":\"path\""))
        .map(Json::parse)
        .toList();
  }

  private Result result(
      Json received, Json sent, Optional<Long> cutAfter, PeerProcess bob, PeerProcess alice) {
    List<Json> ways = ways(bob);
    long taken = received.get("bytes").number().orElse(0);
    return new Result(
        sent.get("intact").isTrue() && taken == bytes,
        taken,
        received.get("millis").fraction(0) / 1e3,
        ways.stream().map(way -> way.get("path").textOrEmpty()).toList(),
        ways.stream().skip(1).map(way -> way.get("taken").number().orElse(0)).toList(),
        received.get("longestGap").fraction(0),
        received.get("longestGapAfter").number().orElse(0),
        cutAfter,
        "Alice:\n" + alice.said(0) + "\nBob:\n" + bob.said(0));
  }
}
