package org.bradawl.traversal.frame;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bradawl.nat.Report;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Preparation;

/**
 * A frame from a native peer. An {@code id} is the peer's own label, which comes back in the
 * answer; {@code data} is opaque and goes to the other side as it is.
 */
public sealed interface FromPeer {

  /** Where and what it is. */
  record Host(
      Optional<String> id,
      List<TransportAddress> hosts,
      String gateway,
      Optional<TransportAddress> portMapped,
      Peer.Abilities abilities)
      implements FromPeer {
    /** Copies the list. */
    public Host {
      hosts = List.copyOf(hosts);
    }
  }

  /** What its discovery found. */
  record NatReport(Optional<String> id, Report report) implements FromPeer {}

  /** Answers {@link FromServer.Probe}. */
  record Echo(long probe) implements FromPeer {}

  /**
   * Asks for a connection.
   *
   * @param again whether the same was said before and nothing was heard of it: a connection that
   *     broke in between may have taken the request with it, or the answer
   */
  record Connect(
      Optional<String> id,
      String peer,
      Wishes wishes,
      Credentials ice,
      Optional<Object> data,
      boolean again)
      implements FromPeer {

    /** Said for the first time. */
    public Connect(
        Optional<String> id, String peer, Wishes wishes, Credentials ice, Optional<Object> data) {
      this(id, peer, wishes, ice, data, false);
    }

    /** The same, said again. */
    public Connect repeated() {
      return new Connect(id, peer, wishes, ice, data, true);
    }
  }

  /** A frame about a traversal that there is, or was. */
  sealed interface About extends FromPeer {
    /** Its id. */
    String traversal();
  }

  /** Takes an invitation. */
  record Accept(String traversal, Wishes wishes, Credentials ice, Optional<Object> data)
      implements About {}

  /** Turns an invitation down. */
  record Refuse(String traversal, String why) implements About {}

  /** Is prepared for a step. */
  record Ready(String traversal, Preparation preparation) implements About {}

  /** How a step went. */
  record StepResult(
      String traversal,
      int step,
      StepOutcome outcome,
      Optional<Duration> took,
      Optional<TransportAddress> local,
      Optional<TransportAddress> remote,
      String why)
      implements About {}

  /**
   * How it ended at this side.
   *
   * @param last whether nothing more is tried; a relay may be in use before that, or still be set
   *     up to stand by for a direct way
   */
  record Done(
      String traversal,
      Result result,
      boolean last,
      OptionalInt step,
      Optional<Duration> took,
      Optional<TransportAddress> local,
      Optional<TransportAddress> remote,
      String why)
      implements About {

    /** The same while something else is still set up. */
    public Done notLast() {
      return new Done(traversal, result, false, step, took, local, remote, why);
    }
  }

  /** Gives it up. */
  record Cancel(String traversal, String why) implements About {}

  /** How a step can end. */
  enum StepOutcome {
    SUCCEEDED("succeeded"),
    FAILED("failed"),
    NOT_NEEDED("not-needed");

    private final String label;

    StepOutcome(String label) {
      this.label = label;
    }

    /** The word in the frame. */
    public String label() {
      return label;
    }
  }

  /** How a traversal can end for one side. */
  enum Result {
    CONNECTED("connected"),
    RELAYED("relayed"),
    FAILED("failed");

    private final String label;

    Result(String label) {
      this.label = label;
    }

    /** The word in the frame. */
    public String label() {
      return label;
    }
  }
}
