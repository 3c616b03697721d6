package org.bradawl.datapath;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bradawl.stun.IpAddress;
import org.bradawl.turn.server.Cidr;

/** Reads typed values by key, and turns what does not parse into a {@link ConfigurationProblem}. */
final class SettingsReader {

  private final Function<String, Optional<String>> lookup;

  SettingsReader(Function<String, Optional<String>> lookup) {
    this.lookup = lookup;
  }

  /** The value without surrounding blanks; a blank one counts as absent. */
  Optional<String> text(String key) {
    return lookup.apply(key).map(String::strip).filter(Predicate.not(String::isEmpty));
  }

  /** The parts of a comma-separated value, without blanks and without empty parts. */
  List<String> list(String key) {
    return text(key)
        .map(value -> Arrays.stream(value.split(",")).map(String::strip))
        .map(parts -> parts.filter(Predicate.not(String::isEmpty)).toList())
        .orElse(List.of());
  }

  /** Yes or no. */
  boolean flag(String key, boolean otherwise) {
    return switch (text(key).orElse(Boolean.toString(otherwise))) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new ConfigurationProblem(key, "is neither true nor false", "Give one of them.");
    };
  }

  /** A port between 1 and 65535. */
  int port(String key, int otherwise) {
    return number(key, otherwise, 1, 65_535, "is no port");
  }

  /** Ports between 1 and 65535. */
  List<Integer> ports(String key) {
    try {
      List<Integer> ports = list(key).stream().map(Integer::valueOf).distinct().toList();
      if (ports.stream().allMatch(port -> port >= 1 && port <= 65_535)) {
        return ports;
      }
    } catch (NumberFormatException e) {
      // Reported below like a number out of bounds: the remedy is the same.
    }
    throw new ConfigurationProblem(
        key, "holds something that is no port", "Give whole numbers from 1 to 65535.");
  }

  /** Ranges of addresses. */
  List<Cidr> ranges(String key) {
    try {
      return list(key).stream().map(Cidr::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationProblem(
          key,
          "holds something that is no range of addresses",
          "Give CIDR ranges or addresses, like 10.0.0.0/8,2001:db8::1.",
          e);
    }
  }

  /** A whole number between two bounds. */
  int number(String key, int otherwise, int least, int most, String problem) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below like a number out of bounds: the remedy is the same.
    }
    throw new ConfigurationProblem(
        key, problem, "Give a whole number from " + least + " to " + most + ".");
  }

  /** IP address literals; names are refused, and so are addresses that no socket can have. */
  List<IpAddress> addresses(String key) {
    return list(key).stream().map(text -> address(key, text)).distinct().toList();
  }

  private static IpAddress address(String key, String text) {
    try {
      IpAddress address = IpAddress.parse(text);
      if (!address.toInetAddress().isMulticastAddress()) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Reported below like an address of the wrong kind: the remedy is the same.
    }
    throw new ConfigurationProblem(
        key,
        "holds something that is no address of a machine",
        "Give IPv4 or IPv6 addresses, separated by commas; no names, no brackets, no ports.");
  }
}
