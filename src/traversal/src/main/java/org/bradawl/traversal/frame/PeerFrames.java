package org.bradawl.traversal.frame;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.bradawl.nat.ReportReader;
import org.bradawl.nat.ReportView;
import org.bradawl.nat.Tree;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Peer;
import org.bradawl.traversal.Policy;
import org.bradawl.traversal.Transport;

/** Writes and reads what native peers send. */
public final class PeerFrames {

  private static final int NAME = 64;
  private static final int WHY = 256;
  private static final int MOST = 64;
  private static final long DAY_MILLIS = 86_400_000L;
  private static final int MOST_SOCKETS = 1_024;
  private static final int MOST_PROBES = 4_096;

  private PeerFrames() {}

  /** The tree of a frame, {@code type} first. */
  public static Map<String, Object> write(FromPeer frame) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (frame) {
      case FromPeer.Host host -> writeHost(host, tree);
      case FromPeer.NatReport told -> {
        tree.put("type", "nat-report");
        told.id().ifPresent(id -> tree.put("id", id));
        tree.put("report", ReportView.of(told.report()));
      }
      case FromPeer.Echo echo -> {
        tree.put("type", "echo");
        tree.put("probe", echo.probe());
      }
      case FromPeer.Connect connect -> {
        tree.put("type", "connect");
        connect.id().ifPresent(id -> tree.put("id", id));
        tree.put("peer", connect.peer());
        if (connect.again()) {
          tree.put("again", true);
        }
        writeTerms(connect.wishes(), connect.ice(), connect.data(), tree);
      }
      case FromPeer.About about -> writeAbout(about, tree);
    }
    return tree;
  }

  private static void writeHost(FromPeer.Host host, Map<String, Object> tree) {
    tree.put("type", "host");
    host.id().ifPresent(id -> tree.put("id", id));
    tree.put("hosts", host.hosts().stream().map(TransportAddress::toString).toList());
    tree.put("gateway", host.gateway());
    host.portMapped().ifPresent(mapped -> tree.put("portMapped", mapped.toString()));
    Map<String, Object> abilities = new LinkedHashMap<>();
    abilities.put("udp", host.abilities().udp());
    abilities.put("tcp", host.abilities().tcp());
    abilities.put("lowTtl", host.abilities().lowTtl());
    abilities.put("sockets", host.abilities().sockets());
    tree.put("abilities", abilities);
  }

  private static void writeTerms(
      Wishes wishes, Credentials ice, Optional<Object> data, Map<String, Object> tree) {
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("relayFirst", wishes.relayFirst());
    policy.put("relayAllowed", wishes.relayAllowed());
    policy.put("methods", wishes.methods().stream().map(Method::label).sorted().toList());
    policy.put("transports", wishes.transports().stream().map(PlanTree::word).sorted().toList());
    policy.put("probes", wishes.probes());
    tree.put("policy", policy);
    tree.put("ice", IceTree.write(ice));
    data.ifPresent(value -> tree.put("data", value));
  }

  private static void writeAbout(FromPeer.About frame, Map<String, Object> tree) {
    switch (frame) {
      case FromPeer.Accept accept -> {
        begin(tree, "accept", frame);
        writeTerms(accept.wishes(), accept.ice(), accept.data(), tree);
      }
      case FromPeer.Refuse refuse -> begin(tree, "refuse", frame).put("why", refuse.why());
      case FromPeer.Ready ready ->
          PreparationTree.write(ready.preparation(), begin(tree, "ready", frame));
      case FromPeer.StepResult result -> {
        begin(tree, "step-result", frame).put("step", result.step());
        tree.put("outcome", result.outcome().label());
        writeEnd(result.took(), result.local(), result.remote(), result.why(), tree);
      }
      case FromPeer.Done done -> {
        begin(tree, "done", frame).put("result", done.result().label());
        tree.put("final", done.last());
        done.step().ifPresent(step -> tree.put("step", step));
        writeEnd(done.took(), done.local(), done.remote(), done.why(), tree);
      }
      case FromPeer.Cancel cancel -> begin(tree, "cancel", frame).put("why", cancel.why());
    }
  }

  private static Map<String, Object> begin(
      Map<String, Object> tree, String type, FromPeer.About frame) {
    tree.put("type", type);
    tree.put("traversal", frame.traversal());
    return tree;
  }

  private static void writeEnd(
      Optional<Duration> took,
      Optional<TransportAddress> local,
      Optional<TransportAddress> remote,
      String why,
      Map<String, Object> tree) {
    took.ifPresent(time -> tree.put("millis", time.toMillis()));
    local.ifPresent(address -> tree.put("local", address.toString()));
    remote.ifPresent(address -> tree.put("remote", address.toString()));
    tree.put("why", why);
  }

  /** The frame of a tree; empty if it is none, or not as the schema describes it. */
  public static Optional<FromPeer> read(Tree tree) {
    return switch (tree.text("type", NAME)) {
      case "host" -> checked(tree, PeerFrames::host);
      case "nat-report" -> {
        Optional<String> id = id(tree);
        yield ReportReader.read(tree.branch("report"))
            .filter(_ -> tree.isSound())
            .map(report -> new FromPeer.NatReport(id, report));
      }
      case "echo" ->
          checked(tree, echo -> new FromPeer.Echo(echo.number("probe", 1, Long.MAX_VALUE)));
      case "connect" -> connect(tree);
      case "accept" -> accept(tree);
      case "refuse" -> checked(tree, refuse -> new FromPeer.Refuse(traversal(refuse), why(refuse)));
      case "ready" ->
          checked(tree, ready -> new FromPeer.Ready(traversal(ready), PreparationTree.read(ready)));
      case "step-result" -> checked(tree, PeerFrames::stepResult);
      case "done" -> checked(tree, PeerFrames::done);
      case "cancel" -> checked(tree, cancel -> new FromPeer.Cancel(traversal(cancel), why(cancel)));
      default -> Optional.empty();
    };
  }

  private static Optional<FromPeer> checked(Tree tree, Function<Tree, FromPeer> read) {
    FromPeer frame = read.apply(tree);
    return tree.ifSound(_ -> frame);
  }

  private static FromPeer host(Tree tree) {
    Peer.Abilities usual = Peer.Abilities.usual();
    Optional<Tree> told = tree.optionalBranch("abilities");
    Peer.Abilities abilities =
        told.map(branch ->
                new Peer.Abilities(
                    branch.flag("udp", usual.udp()),
                    branch.flag("tcp", usual.tcp()),
                    branch.flag("lowTtl", usual.lowTtl()),
                    (int)
                        branch.optionalNumber("sockets", 1, MOST_SOCKETS).orElse(usual.sockets())))
            .orElse(usual);
    return new FromPeer.Host(
        id(tree),
        tree.endpoints("hosts", MOST),
        tree.optionalText("gateway", NAME).orElse(""),
        tree.optionalEndpoint("portMapped"),
        abilities);
  }

  private static Optional<FromPeer> connect(Tree tree) {
    Optional<String> id = id(tree);
    String peer = tree.text("peer", NAME);
    Wishes wishes = wishes(tree);
    boolean again = tree.flag("again", false);
    return IceTree.read(tree)
        .filter(_ -> tree.isSound())
        .map(ice -> new FromPeer.Connect(id, peer, wishes, ice, tree.any("data"), again));
  }

  private static Optional<FromPeer> accept(Tree tree) {
    String traversal = traversal(tree);
    Wishes wishes = wishes(tree);
    return IceTree.read(tree)
        .filter(_ -> tree.isSound())
        .map(ice -> new FromPeer.Accept(traversal, wishes, ice, tree.any("data")));
  }

  private static Wishes wishes(Tree tree) {
    return tree.optionalBranch("policy")
        .map(policy ->
            new Wishes(
                policy.flag("relayFirst", false),
                policy.flag("relayAllowed", true),
                labelled(policy, "methods", List.of(Method.values()), Method::label),
                labelled(policy, "transports", List.of(Transport.values()), PlanTree::word),
                (int) policy.optionalNumber("probes", 0, MOST_PROBES).orElse(Policy.USUAL_PROBES)))
        .orElseGet(Wishes::none);
  }

  private static <T> Set<T> labelled(
      Tree tree, String name, List<T> all, Function<T, String> label) {
    if (!tree.has(name)) {
      return Set.copyOf(all);
    }
    Set<T> found = new HashSet<>();
    for (String word : tree.texts(name, MOST)) {
      all.stream()
          .filter(value -> label.apply(value).equals(word))
          .findFirst()
          .ifPresentOrElse(found::add, tree::refuse);
    }
    return found;
  }

  private static FromPeer stepResult(Tree tree) {
    return new FromPeer.StepResult(
        traversal(tree),
        PreparationTree.step(tree),
        required(tree, "outcome", FromPeer.StepOutcome.values(), FromPeer.StepOutcome::label),
        took(tree),
        tree.optionalEndpoint("local"),
        tree.optionalEndpoint("remote"),
        why(tree));
  }

  private static FromPeer done(Tree tree) {
    OptionalLong step = tree.optionalNumber("step", 0, MOST - 1);
    return new FromPeer.Done(
        traversal(tree),
        required(tree, "result", FromPeer.Result.values(), FromPeer.Result::label),
        tree.flag("final", true),
        step.isPresent() ? OptionalInt.of((int) step.getAsLong()) : OptionalInt.empty(),
        took(tree),
        tree.optionalEndpoint("local"),
        tree.optionalEndpoint("remote"),
        why(tree));
  }

  private static <T> T required(Tree tree, String name, T[] all, Function<T, String> label) {
    if (!tree.has(name)) {
      tree.refuse();
    }
    return tree.oneOf(name, List.of(all), label, all[0]);
  }

  private static Optional<Duration> took(Tree tree) {
    OptionalLong millis = tree.optionalNumber("millis", 0, DAY_MILLIS);
    return millis.isPresent()
        ? Optional.of(Duration.ofMillis(millis.getAsLong()))
        : Optional.empty();
  }

  private static Optional<String> id(Tree tree) {
    return tree.optionalText("id", NAME);
  }

  private static String traversal(Tree tree) {
    return tree.text("traversal", NAME);
  }

  private static String why(Tree tree) {
    return tree.optionalText("why", WHY).orElse("");
  }
}
