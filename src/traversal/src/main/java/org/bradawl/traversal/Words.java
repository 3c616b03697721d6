package org.bradawl.traversal;

import org.bradawl.nat.Answer;
import org.bradawl.nat.PortModel;

/** NATs and ports in plain words. */
public final class Words {

  private Words() {}

  /** What a peer's NAT does, as a sentence about the peer. */
  public static String about(Peer peer) {
    if (peer.nat().udp() == Answer.NO) {
      return peer.name() + "'s network lets no UDP through";
    }
    if (peer.isPublic()) {
      return peer.name() + " is reachable from everywhere";
    }
    return peer.name() + mapping(peer) + filtering(peer);
  }

  private static String mapping(Peer peer) {
    return switch (peer.mapping()) {
      case NONE -> " has no NAT";
      case ENDPOINT_INDEPENDENT -> "'s NAT keeps one port for everybody";
      case ADDRESS_DEPENDENT -> "'s NAT changes its port for every address, " + ports(peer);
      case ADDRESS_AND_PORT_DEPENDENT ->
          "'s NAT changes its port for every destination, " + ports(peer);
      case UNKNOWN -> "'s NAT is not known well";
    };
  }

  private static String ports(Peer peer) {
    return switch (peer.nat().portAllocation()) {
      case PortModel.Preserving _ -> "keeping the first where it can";
      case PortModel.Contiguous contiguous -> "counting in steps of " + contiguous.step();
      case PortModel.Block block -> "at random among " + block.size() + " ports";
      case PortModel.Random _ -> "at random";
      case PortModel.Unknown _ -> "in a way that was not recognised";
    };
  }

  private static String filtering(Peer peer) {
    return switch (peer.nat().filtering()) {
      case NONE, ENDPOINT_INDEPENDENT -> " and lets everybody in";
      case ADDRESS_DEPENDENT -> " and lets in only addresses it has written to";
      case ADDRESS_AND_PORT_DEPENDENT -> " and lets in only the very endpoints it has written to";
      case UNKNOWN -> "";
    };
  }
}
