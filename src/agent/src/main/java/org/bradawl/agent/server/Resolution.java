package org.bradawl.agent.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bradawl.agent.server.Records.Rule;
import org.bradawl.agent.server.Records.Service;
import org.bradawl.agent.server.ServerEndpoint.Over;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * From a URI to the endpoints to try, in order: RFC 5928 §3 for relays, RFC 8489 §8 for the others.
 * An address or a port in the URI ends the search; else NAPTR records tell, then SRV records, then
 * the name's own addresses with the usual port.
 */
public final class Resolution {

  /** RFC 5928 §3 and §5: the application protocol tags of a relay. */
  private static final Map<String, Over> TAGS =
      Map.of("turn.udp", Over.UDP, "turn.tcp", Over.TCP, "turn.tls", Over.TLS);

  /** What a zone may cost: who writes one with more in it wants to keep us busy. */
  private static final int MOST_QUESTIONS = 64;

  /** NAPTR rules may lead to rules; nobody needs more than this in a row. */
  private static final int DEPTH = 4;

  /** A question to DNS. */
  @FunctionalInterface
  private interface Question<T> {
    List<T> ask(String name) throws Unresolved;
  }

  private final Records records;

  /** A resolution that asks there. */
  public Resolution(Records records) {
    this.records = records;
  }

  /**
   * The endpoints to try; empty when the name leads nowhere. What DNS fails to tell on the way is
   * done without, as home routers forward no questions but the usual ones.
   *
   * @throws Unresolved if nothing is found, and that because DNS has not said what there is
   */
  public List<ServerEndpoint> resolve(IceUri uri) throws Unresolved {
    List<Over> wanted = wanted(uri);
    if (uri.literal().isPresent()) {
      TransportAddress address =
          new TransportAddress(uri.literal().get(), uri.port().orElse(uri.scheme().usualPort()));
      return wanted.stream().map(over -> new ServerEndpoint(over, address)).toList();
    }
    return new Search().resolve(uri, wanted);
  }

  /**
   * The endpoints of all of them, in order; one that DNS fails to tell of is left out.
   *
   * @throws Unresolved if nothing is found, as for one
   */
  public List<ServerEndpoint> resolve(List<IceUri> uris) throws Unresolved {
    List<ServerEndpoint> found = new ArrayList<>();
    Optional<Unresolved> failure = Optional.empty();
    for (IceUri uri : uris) {
      try {
        found.addAll(resolve(uri));
      } catch (Unresolved e) {
        failure = Optional.of(e);
      }
    }
    if (found.isEmpty() && failure.isPresent()) {
      throw failure.get();
    }
    return found;
  }

  /** What the URI allows, the best first: RFC 5928 §3 steps 1 to 3. */
  private static List<Over> wanted(IceUri uri) {
    boolean secure = uri.scheme().isSecure();
    Optional<String> transport = uri.transport();
    if (transport.isPresent()) {
      boolean udp = transport.get().equals("udp");
      return List.of(secure ? (udp ? Over.DTLS : Over.TLS) : (udp ? Over.UDP : Over.TCP));
    }
    return secure ? List.of(Over.TLS, Over.DTLS) : List.of(Over.UDP, Over.TCP);
  }

  private static List<Over> tagged(Rule rule, List<Over> wanted) {
    String[] words = rule.services().toLowerCase(Locale.ROOT).split(":", -1);
    if (!words[0].equals("relay")) {
      return List.of();
    }
    List<Over> tags = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      Over over = TAGS.get(words[i]);
      if (over != null && wanted.contains(over)) {
        tags.add(over);
      }
    }
    return tags;
  }

  private static String serviceName(IceUri uri, Over over) {
    String scheme = uri.scheme().name().toLowerCase(Locale.ROOT);
    String transport = over == Over.UDP || over == Over.DTLS ? "udp" : "tcp";
    return "_" + scheme + "._" + transport + "." + uri.host();
  }

  /** One URI's way through DNS. */
  private final class Search {

    private final Set<ServerEndpoint> found = new LinkedHashSet<>();
    private Optional<Unresolved> failure = Optional.empty();
    private final Map<String, List<IpAddress>> addresses = new HashMap<>();
    private int questions;
    private boolean silent;
    private boolean dead;

    List<ServerEndpoint> resolve(IceUri uri, List<Over> wanted) throws Unresolved {
      // A name without a dot is the local network's; only the system's table knows it.
      if (uri.port().isEmpty() && uri.host().contains(".")) {
        if (uri.scheme().isRelay()) {
          byRules(uri.host(), wanted, DEPTH);
        }
        if (found.isEmpty()) {
          wanted.forEach(over -> byServices(serviceName(uri, over), over));
        }
      }
      if (found.isEmpty()) {
        int port = uri.port().orElse(uri.scheme().usualPort());
        wanted.forEach(over -> at(uri.host(), port, over));
      }
      if (found.isEmpty() && failure.isPresent()) {
        throw failure.get();
      }
      return List.copyOf(found);
    }

    /**
     * After a silence only addresses are asked for, and after a silence about those nothing: who
     * waits shall not wait for each record.
     */
    private <T> List<T> ask(Question<T> question, String name, boolean isAddress) {
      if (dead || (silent && !isAddress) || questions++ >= MOST_QUESTIONS) {
        return List.of();
      }
      try {
        return question.ask(name);
      } catch (Unresolved e) {
        failure = Optional.of(e);
        silent |= e.isSilence();
        dead |= isAddress && e.isSilence();
        return List.of();
      }
    }

    private void byRules(String name, List<Over> wanted, int depth) {
      List<Rule> rules = new ArrayList<>(ask(records::rules, name, false));
      rules.sort(Comparator.comparingInt(Rule::order).thenComparingInt(Rule::preference));
      for (Rule rule : rules) {
        for (Over over : tagged(rule, wanted)) {
          switch (rule.flags().toLowerCase(Locale.ROOT)) {
            case "s" -> byServices(rule.replacement(), over);
            case "a" -> at(rule.replacement(), over == Over.TLS ? 5349 : 3478, over);
            case "" -> {
              if (depth > 0) {
                byRules(rule.replacement(), List.of(over), depth - 1);
              }
            }
            default -> {}
          }
        }
      }
    }

    private void byServices(String name, Over over) {
      List<Service> services = new ArrayList<>(ask(records::services, name, false));
      // RFC 2782 draws by weight among equals; the heaviest first is what a single client wants.
      services.sort(
          Comparator.comparingInt(Service::priority)
              .thenComparing(Comparator.comparingInt(Service::weight).reversed()));
      services.stream()
          .filter(service -> !service.target().equals("."))
          .forEach(service -> at(service.target(), service.port(), over));
    }

    private void at(String name, int port, Over over) {
      addresses.computeIfAbsent(name, asked -> ask(records::addresses, asked, true)).stream()
          .map(address -> new ServerEndpoint(over, new TransportAddress(address, port)))
          .forEach(found::add);
    }
  }
}
