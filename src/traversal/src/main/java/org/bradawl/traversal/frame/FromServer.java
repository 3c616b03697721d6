package org.bradawl.traversal.frame;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bradawl.nat.Report;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Plan;
import org.bradawl.traversal.Preparation;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Transport;

/** A frame from the server to a native peer. */
public sealed interface FromServer {

  /**
   * Where the server sees the peer, and whether it wants a report.
   *
   * @param key the USERNAME by which the server knows the peer's sockets
   * @param udp where the main socket was seen
   * @param tcp where the TCP port was seen
   */
  record Observed(
      Optional<String> id,
      String key,
      List<IpAddress> addresses,
      Optional<TransportAddress> udp,
      Optional<TransportAddress> tcp,
      String network,
      Want want)
      implements FromServer {
    /** Copies the list. */
    public Observed {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Whether a report is wanted.
   *
   * @param why empty if none is
   * @param age of the one there is
   * @param found what the server goes by where none is wanted, without its evidence: its own of an
   *     earlier visit, or that of a neighbour behind the same NAT
   */
  record Want(Optional<Reason> why, Optional<Duration> age, Optional<Report> found) {

    /** With nothing that the server goes by. */
    public Want(Optional<Reason> why, Optional<Duration> age) {
      this(why, age, Optional.empty());
    }
  }

  /** Why a report is wanted. */
  enum Reason {
    NONE("none"),
    OLD("old"),
    NETWORK_CHANGED("network-changed"),
    DOUBTED("doubted");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /** The word in the frame. */
    public String label() {
      return label;
    }
  }

  /** Answers a report. */
  record ReportTaken(Optional<String> id, Standing standing, List<String> doubts, Duration freshFor)
      implements FromServer {
    /** Copies the list. */
    public ReportTaken {
      doubts = List.copyOf(doubts);
    }
  }

  /** Measures the round trip. */
  record Probe(long probe) implements FromServer {}

  /**
   * The peer is invited, at once or when its connection is back. Comes again when that is lost or
   * found, or the peer falls silent, while it is waited for.
   *
   * @param away for how long the peer's connection has been lost, or nothing has come over it;
   *     empty as long as neither is so
   * @param patience how long the peer is waited for
   */
  record Connecting(
      Optional<String> id,
      String traversal,
      String peer,
      Optional<Duration> away,
      Duration patience)
      implements FromServer {}

  /** The server does not begin. */
  record ConnectRefused(
      Optional<String> id,
      String peer,
      RefusalCode code,
      String message,
      Optional<Duration> retryAfter)
      implements FromServer {}

  /** Why the server does not begin. */
  enum RefusalCode {
    PEER_UNAVAILABLE("peer-unavailable"),
    PEER_NOT_NATIVE("peer-not-native"),
    NOT_INTRODUCED("not-introduced"),
    TOO_MANY_TRAVERSALS("too-many-traversals"),
    RATE_LIMITED("rate-limited"),
    UNAVAILABLE("unavailable");

    private final String label;

    RefusalCode(String label) {
      this.label = label;
    }

    /** The word in the frame. */
    public String label() {
      return label;
    }
  }

  /** Somebody wants a connection. */
  record Invited(
      String traversal, String peer, Credentials ice, Optional<Object> data, Duration patience)
      implements FromServer {}

  /**
   * A side of a plan, as the other may know it.
   *
   * @param nat in words
   */
  record SideOfPlan(
      String name,
      List<IpAddress> addresses,
      List<TransportAddress> hosts,
      Optional<TransportAddress> udp,
      Optional<TransportAddress> tcp,
      String nat) {
    /** Copies the lists. */
    public SideOfPlan {
      addresses = List.copyOf(addresses);
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * What both sides do.
   *
   * @param ice the other side's
   * @param data the other side's
   * @param startAfter when the plan begins, after the frame has come
   * @param elapsed since it began, when it is sent again
   */
  record Planned(
      String traversal,
      Side side,
      int attempt,
      SideOfPlan self,
      SideOfPlan peer,
      Credentials ice,
      Optional<Object> data,
      Duration startAfter,
      Duration elapsed,
      Plan plan)
      implements FromServer {}

  /** The other side's preparation, and when to begin. */
  record Go(String traversal, Preparation preparation, Duration after) implements FromServer {}

  /** It is over. */
  record Ended(
      String traversal,
      Ending ending,
      Optional<Method> path,
      Optional<Transport> transport,
      Duration took,
      List<String> explanation)
      implements FromServer {
    /** Copies the list. */
    public Ended {
      explanation = List.copyOf(explanation);
    }
  }
}
