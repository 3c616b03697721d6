package org.bradawl.traversal.ice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Candidate;
import org.bradawl.traversal.Transport;

/**
 * A candidate as a line of SDP (RFC 8839 §5.1, RFC 6544 §4.5):
 *
 * <pre>
 *   candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host
 *   candidate:2 1 TCP 2128609279 203.0.113.141 9 typ host tcptype active
 * </pre>
 */
public final class CandidateLine {

  private static final String ATTRIBUTE = "a=";
  private static final String NAME = "candidate:";

  /** Longer than any that means something; extensions of others included. */
  private static final int LONGEST = 1_024;

  private static final int FIXED_WORDS = 8;

  private CandidateLine() {}

  /** The attribute's name and value, without the {@code a=} of a line. */
  public static String format(IceCandidate candidate) {
    List<String> words = new ArrayList<>();
    words.add(NAME + candidate.foundation());
    words.add(Integer.toString(candidate.component()));
    words.add(candidate.transport().name());
    words.add(Long.toString(candidate.priority()));
    words.add(candidate.address().address().toString());
    words.add(Integer.toString(candidate.address().port()));
    words.add("typ");
    words.add(candidate.type().word());
    candidate
        .related()
        .ifPresent(related ->
            words.addAll(
                List.of(
                    "raddr",
                    related.address().toString(),
                    "rport",
                    Integer.toString(related.port()))));
    candidate.tcpType().ifPresent(type -> words.addAll(List.of("tcptype", type.word())));
    return String.join(" ", words);
  }

  /**
   * The candidate that a line tells, with or without {@code a=}. Empty for what is malformed and
   * for what this agent cannot use, which RFC 8839 §5.1 has ignored alike: other transports, names
   * instead of addresses.
   */
  public static Optional<IceCandidate> parse(String line) {
    String text = line.strip();
    String value = text.startsWith(ATTRIBUTE) ? text.substring(ATTRIBUTE.length()) : text;
    if (text.length() > LONGEST || !value.startsWith(NAME)) {
      return Optional.empty();
    }
    List<String> words = Arrays.asList(value.substring(NAME.length()).split(" +", -1));
    if (words.size() < FIXED_WORDS || !words.get(6).equals("typ")) {
      return Optional.empty();
    }
    try {
      return read(words, extensions(words));
    } catch (IllegalArgumentException e) {
      // A number that is none, an address that is a name, a value out of its range.
      return Optional.empty();
    }
  }

  private static Map<String, String> extensions(List<String> words) {
    Map<String, String> found = new HashMap<>();
    for (int i = FIXED_WORDS; i + 1 < words.size(); i += 2) {
      found.putIfAbsent(words.get(i), words.get(i + 1));
    }
    return found;
  }

  private static Optional<IceCandidate> read(List<String> words, Map<String, String> extensions) {
    Optional<Transport> transport = transport(words.get(2));
    Optional<Candidate.Type> type = type(words.get(7));
    if (transport.isEmpty() || type.isEmpty()) {
      return Optional.empty();
    }
    Optional<TcpType> tcpType =
        Optional.ofNullable(extensions.get("tcptype"))
            .filter(_ -> transport.get() == Transport.TCP)
            .flatMap(TcpType::of);
    return Optional.of(
        new IceCandidate(
            words.get(0),
            Integer.parseInt(words.get(1)),
            transport.get(),
            tcpType,
            Long.parseLong(words.get(3)),
            endpoint(words.get(4), words.get(5)),
            type.get(),
            related(extensions)));
  }

  private static Optional<TransportAddress> related(Map<String, String> extensions) {
    Optional<String> address = Optional.ofNullable(extensions.get("raddr"));
    Optional<String> port = Optional.ofNullable(extensions.get("rport"));
    return address.isPresent() && port.isPresent()
        ? Optional.of(endpoint(address.get(), port.get()))
        : Optional.empty();
  }

  private static TransportAddress endpoint(String address, String port) {
    return new TransportAddress(IpAddress.parse(address), Integer.parseInt(port));
  }

  private static Optional<Transport> transport(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "udp" -> Optional.of(Transport.UDP);
      case "tcp" -> Optional.of(Transport.TCP);
      default -> Optional.empty();
    };
  }

  private static Optional<Candidate.Type> type(String word) {
    return Arrays.stream(Candidate.Type.values())
        .filter(type -> type.word().equals(word))
        .findFirst();
  }
}
