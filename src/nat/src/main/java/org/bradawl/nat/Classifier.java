package org.bradawl.nat;

import java.util.List;
import java.util.Optional;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.MappedAddress;
import org.bradawl.stun.attribute.XorMappedAddress;

/** The rules of RFC 5780 §4.3 and §4.4, as functions of what was seen. */
final class Classifier {

  private Classifier() {}

  /**
   * RFC 5780 §4.3.
   *
   * @param first seen by the server's primary address
   * @param second by its other address and the primary port
   * @param third by its other address and other port
   */
  static Behavior mapping(
      TransportAddress local,
      Optional<TransportAddress> first,
      Optional<TransportAddress> second,
      Optional<TransportAddress> third) {
    if (first.isPresent() && first.get().equals(local)) {
      return Behavior.NONE;
    }
    if (first.isEmpty() || second.isEmpty() || third.isEmpty()) {
      return Behavior.UNKNOWN;
    }
    boolean addressMatters = !second.equals(first);
    boolean portMatters = !third.equals(second);
    if (!addressMatters) {
      // RFC 5780 stops here; a third endpoint that differs would contradict it, so ask it too.
      return portMatters ? Behavior.UNKNOWN : Behavior.ENDPOINT_INDEPENDENT;
    }
    return portMatters ? Behavior.ADDRESS_AND_PORT_DEPENDENT : Behavior.ADDRESS_DEPENDENT;
  }

  /**
   * RFC 5780 §4.4.
   *
   * @param fromElsewhere whether an answer came from the other address and port
   * @param fromOtherPort whether one came from the same address and other port
   */
  static Behavior filtering(Behavior mapping, Answer fromElsewhere, Answer fromOtherPort) {
    return switch (fromElsewhere) {
      case YES -> mapping == Behavior.NONE ? Behavior.NONE : Behavior.ENDPOINT_INDEPENDENT;
      case UNKNOWN -> Behavior.UNKNOWN;
      case NO ->
          switch (fromOtherPort) {
            case YES -> Behavior.ADDRESS_DEPENDENT;
            case NO -> Behavior.ADDRESS_AND_PORT_DEPENDENT;
            case UNKNOWN -> Behavior.UNKNOWN;
          };
    };
  }

  /** Whether something changed the plain address in an answer and left the masked one alone. */
  static Answer genericAlg(List<StunMessage> answers) {
    Answer seen = Answer.UNKNOWN;
    for (StunMessage answer : answers) {
      Optional<TransportAddress> plain =
          answer.first(MappedAddress.class).map(MappedAddress::address);
      Optional<TransportAddress> masked =
          answer.first(XorMappedAddress.class).map(XorMappedAddress::address);
      if (plain.isPresent() && masked.isPresent()) {
        if (!plain.equals(masked)) {
          return Answer.YES;
        }
        seen = Answer.NO;
      }
    }
    return seen;
  }

  /** Whether mappings of one host bear different addresses. */
  static Answer severalAddresses(List<PortSample> samples) {
    long addresses = samples.stream().map(sample -> sample.mapped().address()).distinct().count();
    if (addresses > 1) {
      return Answer.YES;
    }
    // Of two addresses taken at random eight mappings share one in 1 of 128 cases: a hint, no
    // proof.
    return Answer.UNKNOWN;
  }
}
