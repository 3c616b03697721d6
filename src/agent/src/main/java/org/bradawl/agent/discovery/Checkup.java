package org.bradawl.agent.discovery;

import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.bradawl.agent.AgentException;
import org.bradawl.agent.AgentException.Kind;
import org.bradawl.agent.net.EventLoop;
import org.bradawl.agent.net.LocalAddresses;
import org.bradawl.agent.portmapping.Gateway;
import org.bradawl.agent.portmapping.PortMapper;
import org.bradawl.nat.Answer;
import org.bradawl.nat.Behavior;
import org.bradawl.nat.DiscoverySettings;
import org.bradawl.nat.LifetimeSearch;
import org.bradawl.nat.Report;
import org.bradawl.nat.ReportView;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** A whole examination of the own NAT, from a server's addresses to words. */
public final class Checkup {

  /** Five minutes is what RFC 4787 REQ-5 recommends; longer makes no keep-alive rarer. */
  private static final Duration LONGEST_LIFETIME = Duration.ofMinutes(5);

  /**
   * What was found.
   *
   * @param view the tree that programs read
   * @param words the lines that people read
   */
  public record Result(Report report, Map<String, @Nullable Object> view, List<String> words) {}

  private final EventLoop loop;
  private final Consumer<String> progress;

  /** An examination that tells how far it is. */
  public Checkup(EventLoop loop, Consumer<String> progress) {
    this.loop = loop;
    this.progress = progress;
  }

  /**
   * Examines the NAT.
   *
   * @param servers the addresses of one server; the first that answers counts
   * @param tcp whether to look at TCP too
   * @param lifetime whether to search for the lifetime of mappings, which takes minutes
   * @param ftp an FTP server with anonymous users, to look for a gateway for FTP with
   */
  public Result run(
      List<TransportAddress> servers,
      boolean tcp,
      boolean lifetime,
      Optional<InetSocketAddress> ftp)
      throws AgentException {
    CompletableFuture<Answer> gateway =
        ftp.map(FtpProbe::run).orElseGet(() -> CompletableFuture.completedFuture(Answer.UNKNOWN));
    for (TransportAddress server : servers) {
      progress.accept("asking " + server);
      DiscoverySettings settings = DiscoverySettings.of(server);
      CompletableFuture<Map<String, @Nullable Boolean>> routers = portMapping(server);
      Report report = await(NatCheck.run(loop, tcp ? settings.withTcp() : settings));
      if (report.udp() != Answer.UNKNOWN) {
        Report whole = lifetime ? withLifetime(report, server) : report;
        // Without a NAT there is nothing that a gateway could change.
        Answer ftpGateway = report.mapping() == Behavior.NONE ? Answer.UNKNOWN : await(gateway);
        return result(whole, await(routers), ftpGateway);
      }
    }
    throw new AgentException(
        Kind.UNREACHABLE, "no answer from " + asked(servers) + ", neither over UDP nor over TCP");
  }

  private Report withLifetime(Report report, TransportAddress server) throws AgentException {
    if (report.udp() != Answer.YES) {
      return report;
    }
    progress.accept(
        "searching for the lifetime of mappings, up to "
            + 2 * LONGEST_LIFETIME.toMinutes()
            + " minutes");
    return switch (await(LifetimeCheck.run(loop, server, LONGEST_LIFETIME))) {
      case LifetimeSearch.Between between -> report.with(between.lifetime());
      case LifetimeSearch.Unknown unknown -> {
        progress.accept("the lifetime stays unknown: " + unknown.why());
        yield report;
      }
    };
  }

  /** What the own router can be asked for; null where there is none to ask. */
  private static CompletableFuture<Map<String, @Nullable Boolean>> portMapping(
      TransportAddress server) {
    Optional<IpAddress> self = LocalAddresses.towards(server);
    Optional<IpAddress> gateway = Gateway.address();
    boolean askable =
        self.filter(address -> address.family() == IpAddress.Family.IPV4)
            .filter(address -> !LocalAddresses.isLoopback(address))
            .isPresent();
    Map<String, @Nullable Boolean> unknown = new LinkedHashMap<>();
    List.of("upnp", "natPmp", "pcp").forEach(name -> unknown.put(name, null));
    if (!askable || gateway.isEmpty()) {
      return CompletableFuture.completedFuture(unknown);
    }
    return PortMapper.spoken(
            gateway.get(), self.get(), HttpClient.newHttpClient(), new SecureRandom())
        .thenApply(spoken -> {
          Map<String, @Nullable Boolean> found = new LinkedHashMap<>(spoken);
          return found;
        });
  }

  private static String asked(List<TransportAddress> servers) {
    return String.join(", ", servers.stream().map(TransportAddress::toString).toList());
  }

  private static Result result(
      Report report, Map<String, @Nullable Boolean> routers, Answer ftpGateway) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    ReportView.of(report)
        .forEach((name, value) -> {
          if (name.equals("evidence")) {
            view.put("portMapping", routers);
          }
          view.put(name, value);
          if (name.equals("genericAlg")) {
            view.put("ftpAlg", ReportView.yesOrNo(ftpGateway));
          }
        });
    List<String> words = new ArrayList<>(Words.about(report));
    words.addAll(Words.aboutGateways(report.genericAlg(), ftpGateway));
    List<String> spoken =
        routers.entrySet().stream()
            .filter(router -> Boolean.TRUE.equals(router.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (!spoken.isEmpty()) {
      words.add("  the router opens ports by " + String.join(", ", spoken));
    }
    return new Result(report, view, words);
  }

  private static <T> T await(CompletableFuture<T> future) throws AgentException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AgentException(Kind.UNREACHABLE, String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AgentException(Kind.FAILED, "interrupted", e);
    }
  }
}
