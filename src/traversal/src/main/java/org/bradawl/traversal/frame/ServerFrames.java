package org.bradawl.traversal.frame;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.bradawl.nat.Report;
import org.bradawl.nat.ReportReader;
import org.bradawl.nat.ReportView;
import org.bradawl.nat.Tree;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Transport;

/** Writes and reads what the server sends to native peers. */
public final class ServerFrames {

  private static final int NAME = 64;
  private static final int TEXT = 512;
  private static final int MOST = 64;
  private static final long MOST_SECONDS = 1L << 32;

  private ServerFrames() {}

  /** The tree of a frame, {@code type} first. */
  public static Map<String, Object> write(FromServer frame) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (frame) {
      case FromServer.Observed observed -> writeObserved(observed, tree);
      case FromServer.ReportTaken taken -> {
        begin(tree, "report-taken", taken.id());
        tree.put("standing", taken.standing().label());
        tree.put("doubts", taken.doubts());
        tree.put("freshSeconds", taken.freshFor().toSeconds());
      }
      case FromServer.Probe probe ->
          begin(tree, "probe", Optional.empty()).put("probe", probe.probe());
      case FromServer.Connecting connecting -> {
        begin(tree, "connecting", connecting.id()).put("traversal", connecting.traversal());
        tree.put("peer", connecting.peer());
        connecting.away().ifPresent(away -> tree.put("awayMillis", away.toMillis()));
        tree.put("millis", connecting.patience().toMillis());
      }
      case FromServer.ConnectRefused refused -> {
        begin(tree, "connect-refused", refused.id()).put("peer", refused.peer());
        tree.put("code", refused.code().label());
        tree.put("message", refused.message());
        refused.retryAfter().ifPresent(time -> tree.put("retryAfterMillis", time.toMillis()));
      }
      case FromServer.Invited invited -> {
        begin(tree, "invited", Optional.empty()).put("traversal", invited.traversal());
        tree.put("peer", invited.peer());
        tree.put("ice", IceTree.write(invited.ice()));
        invited.data().ifPresent(data -> tree.put("data", data));
        tree.put("millis", invited.patience().toMillis());
      }
      case FromServer.Planned planned -> writePlan(planned, tree);
      case FromServer.Go go -> {
        begin(tree, "go", Optional.empty()).put("traversal", go.traversal());
        PreparationTree.write(go.preparation(), tree);
        tree.put("afterMillis", go.after().toMillis());
      }
      case FromServer.Ended ended -> writeEnded(ended, tree);
    }
    return tree;
  }

  private static Map<String, Object> begin(
      Map<String, Object> tree, String type, Optional<String> id) {
    tree.put("type", type);
    id.ifPresent(label -> tree.put("id", label));
    return tree;
  }

  private static void writeObserved(FromServer.Observed observed, Map<String, Object> tree) {
    begin(tree, "observed", observed.id()).put("key", observed.key());
    tree.put("addresses", observed.addresses().stream().map(IpAddress::toString).toList());
    observed.udp().ifPresent(udp -> tree.put("udp", udp.toString()));
    observed.tcp().ifPresent(tcp -> tree.put("tcp", tcp.toString()));
    tree.put("network", observed.network());
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("wanted", observed.want().why().isPresent());
    observed.want().why().ifPresent(why -> report.put("why", why.label()));
    observed.want().age().ifPresent(age -> report.put("ageSeconds", age.toSeconds()));
    observed.want().found().ifPresent(found -> report.put("found", withoutEvidence(found)));
    tree.put("report", report);
  }

  private static Map<String, Object> withoutEvidence(Report report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    ReportView.of(report)
        .forEach((name, value) -> {
          if (value != null && !name.equals("evidence")) {
            tree.put(name, value);
          }
        });
    return tree;
  }

  private static void writePlan(FromServer.Planned planned, Map<String, Object> tree) {
    begin(tree, "plan", Optional.empty()).put("traversal", planned.traversal());
    tree.put("side", PlanTree.word(planned.side()));
    tree.put("attempt", planned.attempt());
    tree.put("self", side(planned.self()));
    tree.put("peer", side(planned.peer()));
    tree.put("ice", IceTree.write(planned.ice()));
    planned.data().ifPresent(data -> tree.put("data", data));
    tree.put("startAfterMillis", planned.startAfter().toMillis());
    tree.put("elapsedMillis", planned.elapsed().toMillis());
    PlanTree.write(planned.plan(), tree);
  }

  private static Map<String, Object> side(FromServer.SideOfPlan side) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", side.name());
    tree.put("addresses", side.addresses().stream().map(IpAddress::toString).toList());
    tree.put("hosts", side.hosts().stream().map(TransportAddress::toString).toList());
    side.udp().ifPresent(udp -> tree.put("udp", udp.toString()));
    side.tcp().ifPresent(tcp -> tree.put("tcp", tcp.toString()));
    tree.put("nat", side.nat());
    return tree;
  }

  private static void writeEnded(FromServer.Ended ended, Map<String, Object> tree) {
    begin(tree, "ended", Optional.empty()).put("traversal", ended.traversal());
    tree.put("result", ended.ending().label());
    ended.path().ifPresent(path -> tree.put("path", path.label()));
    ended.transport().ifPresent(transport -> tree.put("transport", PlanTree.word(transport)));
    tree.put("millis", ended.took().toMillis());
    tree.put("explanation", ended.explanation());
  }

  /** The frame of a tree; empty if it is none of these. */
  public static Optional<FromServer> read(Tree tree) {
    return switch (tree.text("type", NAME)) {
      case "observed" -> checked(tree, ServerFrames::observed);
      case "report-taken" ->
          checked(
              tree,
              taken ->
                  new FromServer.ReportTaken(
                      id(taken),
                      required(taken, "standing", Standing.values(), Standing::label),
                      taken.texts("doubts", MOST),
                      Duration.ofSeconds(taken.number("freshSeconds", 0, MOST_SECONDS))));
      case "probe" ->
          checked(tree, probe -> new FromServer.Probe(probe.number("probe", 1, Long.MAX_VALUE)));
      case "connecting" ->
          checked(
              tree,
              connecting ->
                  new FromServer.Connecting(
                      id(connecting),
                      traversal(connecting),
                      connecting.text("peer", NAME),
                      connecting.has("awayMillis")
                          ? Optional.of(PlanTree.millis(connecting, "awayMillis"))
                          : Optional.empty(),
                      PlanTree.millis(connecting, "millis")));
      case "connect-refused" -> checked(tree, ServerFrames::refused);
      case "invited" -> invited(tree);
      case "plan" -> planned(tree);
      case "go" ->
          checked(
              tree,
              go ->
                  new FromServer.Go(
                      traversal(go), PreparationTree.read(go), PlanTree.millis(go, "afterMillis")));
      case "ended" -> checked(tree, ServerFrames::ended);
      default -> Optional.empty();
    };
  }

  private static Optional<FromServer> checked(Tree tree, Function<Tree, FromServer> read) {
    FromServer frame = read.apply(tree);
    return tree.ifSound(_ -> frame);
  }

  private static FromServer observed(Tree tree) {
    Tree report = tree.branch("report");
    OptionalLong age = report.optionalNumber("ageSeconds", 0, MOST_SECONDS);
    Optional<FromServer.Reason> why =
        report.flag("wanted", false)
            ? Optional.of(
                required(report, "why", FromServer.Reason.values(), FromServer.Reason::label))
            : Optional.empty();
    return new FromServer.Observed(
        id(tree),
        tree.text("key", NAME),
        tree.addresses("addresses", MOST),
        tree.optionalEndpoint("udp"),
        tree.optionalEndpoint("tcp"),
        tree.text("network", 2 * NAME),
        new FromServer.Want(
            why,
            age.isPresent() ? Optional.of(Duration.ofSeconds(age.getAsLong())) : Optional.empty(),
            report.optionalBranch("found").flatMap(ReportReader::read)));
  }

  private static FromServer refused(Tree tree) {
    return new FromServer.ConnectRefused(
        id(tree),
        tree.text("peer", NAME),
        required(tree, "code", FromServer.RefusalCode.values(), FromServer.RefusalCode::label),
        tree.text("message", TEXT),
        tree.has("retryAfterMillis")
            ? Optional.of(PlanTree.millis(tree, "retryAfterMillis"))
            : Optional.empty());
  }

  private static Optional<FromServer> invited(Tree tree) {
    String traversal = traversal(tree);
    String peer = tree.text("peer", NAME);
    Duration patience = PlanTree.millis(tree, "millis");
    return IceTree.read(tree)
        .filter(_ -> tree.isSound())
        .map(ice -> new FromServer.Invited(traversal, peer, ice, tree.any("data"), patience));
  }

  private static Optional<FromServer> planned(Tree tree) {
    Optional<Credentials> ice = IceTree.read(tree);
    Side side = required(tree, "side", Side.values(), PlanTree::word);
    int attempt = (int) tree.number("attempt", 0, Integer.MAX_VALUE);
    FromServer.SideOfPlan self = sideOf(tree.branch("self"));
    FromServer.SideOfPlan peer = sideOf(tree.branch("peer"));
    Duration startAfter = PlanTree.millis(tree, "startAfterMillis");
    Duration elapsed = PlanTree.millis(tree, "elapsedMillis");
    var plan = PlanTree.read(tree);
    return ice.filter(_ -> tree.isSound())
        .map(theirs ->
            new FromServer.Planned(
                traversal(tree),
                side,
                attempt,
                self,
                peer,
                theirs,
                tree.any("data"),
                startAfter,
                elapsed,
                plan));
  }

  private static FromServer.SideOfPlan sideOf(Tree tree) {
    return new FromServer.SideOfPlan(
        tree.text("name", NAME),
        tree.addresses("addresses", MOST),
        tree.endpoints("hosts", MOST),
        tree.optionalEndpoint("udp"),
        tree.optionalEndpoint("tcp"),
        tree.optionalText("nat", TEXT).orElse(""));
  }

  private static FromServer ended(Tree tree) {
    return new FromServer.Ended(
        traversal(tree),
        required(tree, "result", Ending.values(), Ending::label),
        tree.has("path")
            ? Optional.of(tree.oneOf("path", List.of(Method.values()), Method::label, Method.RELAY))
            : Optional.empty(),
        tree.has("transport") ? Optional.of(transport(tree)) : Optional.empty(),
        PlanTree.millis(tree, "millis"),
        tree.texts("explanation", 4 * MOST));
  }

  private static Transport transport(Tree tree) {
    return PlanTree.transport(tree);
  }

  private static <T> T required(Tree tree, String name, T[] all, Function<T, String> label) {
    if (!tree.has(name)) {
      tree.refuse();
    }
    return tree.oneOf(name, List.of(all), label, all[0]);
  }

  private static Optional<String> id(Tree tree) {
    return tree.optionalText("id", NAME);
  }

  private static String traversal(Tree tree) {
    return tree.text("traversal", NAME);
  }
}
