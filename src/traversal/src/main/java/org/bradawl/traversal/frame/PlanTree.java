package org.bradawl.traversal.frame;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bradawl.nat.Tree;
import org.bradawl.stun.TransportAddress;
import org.bradawl.traversal.Method;
import org.bradawl.traversal.Plan;
import org.bradawl.traversal.Side;
import org.bradawl.traversal.Step;
import org.bradawl.traversal.Task;
import org.bradawl.traversal.Transport;

/** A {@link Plan} as part of a tree. */
final class PlanTree {

  private static final int MOST = 64;
  private static final int TEXT = 512;
  private static final long DAY_MILLIS = 86_400_000L;

  /**
   * A step takes three seconds, and all 64 of them one after the other a little over three minutes.
   */
  private static final long LONGEST_STEP_MILLIS = 30_000L;

  private static final long LONGEST_PLAN_MILLIS = 300_000L;

  private PlanTree() {}

  static void write(Plan plan, Map<String, Object> into) {
    into.put("steps", plan.steps().stream().map(PlanTree::step).toList());
    into.put("refusals", plan.refusals().stream().map(PlanTree::refusal).toList());
  }

  private static Map<String, Object> step(Step step) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("number", step.number());
    tree.put("method", step.method().label());
    tree.put("transport", word(step.transport()));
    tree.put("reason", step.reason());
    tree.put("startsAfterMillis", step.startsAfter().toMillis());
    tree.put("budgetMillis", step.budget().toMillis());
    tree.put("initiator", task(step.task(Side.INITIATOR)));
    tree.put("responder", task(step.task(Side.RESPONDER)));
    return tree;
  }

  private static Map<String, Object> task(Task task) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("sockets", word(task.sockets()));
    tree.put("count", task.count());
    tree.put("aim", word(task.aim()));
    tree.put("known", task.known().stream().map(TransportAddress::toString).toList());
    tree.put("afterMillis", task.after().toMillis());
    tree.put("primingTtl", task.primingTtl());
    tree.put("stride", task.stride());
    tree.put("budget", task.budget());
    return tree;
  }

  private static Map<String, Object> refusal(Plan.Refusal refusal) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("method", refusal.method().label());
    tree.put("transport", word(refusal.transport()));
    tree.put("reason", refusal.reason());
    return tree;
  }

  static Plan read(Tree tree) {
    List<Step> steps = tree.trees("steps", MOST).stream().map(PlanTree::readStep).toList();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).number() != i) {
        tree.refuse();
      }
    }
    return new Plan(
        steps,
        tree.trees("refusals", MOST).stream()
            .map(refusal ->
                new Plan.Refusal(method(refusal), transport(refusal), refusal.text("reason", TEXT)))
            .toList());
  }

  private static Step readStep(Tree tree) {
    return new Step(
        (int) tree.number("number", 0, MOST - 1),
        method(tree),
        transport(tree),
        tree.text("reason", TEXT),
        upTo(LONGEST_PLAN_MILLIS, tree, "startsAfterMillis"),
        upTo(LONGEST_STEP_MILLIS, tree, "budgetMillis"),
        readTask(tree.branch("initiator")),
        readTask(tree.branch("responder")));
  }

  private static Task readTask(Tree tree) {
    return new Task(
        tree.oneOf("sockets", List.of(Task.Sockets.values()), PlanTree::word, Task.Sockets.MAIN),
        (int) tree.number("count", 1, 1_024),
        tree.oneOf("aim", List.of(Task.Aim.values()), PlanTree::word, Task.Aim.NOWHERE),
        tree.endpoints("known", MOST),
        upTo(LONGEST_STEP_MILLIS, tree, "afterMillis"),
        (int) tree.number("primingTtl", 0, 255),
        (int) tree.number("stride", 1, MOST),
        (int) tree.number("budget", 0, 4_096));
  }

  static Duration millis(Tree tree, String name) {
    return upTo(DAY_MILLIS, tree, name);
  }

  private static Duration upTo(long most, Tree tree, String name) {
    return Duration.ofMillis(tree.number(name, 0, most));
  }

  static Method method(Tree tree) {
    if (!tree.has("method")) {
      tree.refuse();
    }
    return tree.oneOf("method", List.of(Method.values()), Method::label, Method.RELAY);
  }

  static Transport transport(Tree tree) {
    return tree.oneOf("transport", List.of(Transport.values()), PlanTree::word, Transport.UDP);
  }

  /** How an enumeration without labels of its own is written. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
