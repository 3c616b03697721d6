package org.bradawl.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/** Which module may know which. */
final class ModuleArrows {

  /** The map: a module, and the modules it may use. What is not here is nobody's business yet. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.of(
          "stun", Set.of(),
          "turn", Set.of("stun"),
          "nat", Set.of("stun"),
          "traversal", Set.of("stun", "nat"),
          "signaling", Set.of(),
          "datapath", Set.of("stun", "turn"),
          "server", Set.of("stun", "turn", "nat", "traversal", "signaling", "datapath"),
          "agent", Set.of("stun", "turn", "nat", "traversal", "signaling", "datapath"),
          "cli", Set.of("agent"));

  private ModuleArrows() {}

  /** Modules are the packages directly below {@code root}. */
  static ArchRule pointOneWay(String root) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(followTheMap(root))
        .because(
            "a machine that knows its shell cannot run without it, in a simulation or a test,"
                + " and a data path that knows the server cannot run alone;"
                + " the map is in src/ARCHITECTURE.md");
  }

  private static ArchCondition<JavaClass> followTheMap(String root) {
    return new ArchCondition<>("know only the modules that the map allows") {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        String from = module(root, javaClass);
        if (!MAY_KNOW.containsKey(from)) {
          events.add(
              SimpleConditionEvent.violated(
                  javaClass,
                  javaClass.getName() + " is in a module that is not on the map: " + from));
        }
        for (Dependency dependency : javaClass.getDirectDependenciesFromSelf()) {
          String to = module(root, dependency.getTargetClass());
          boolean allowed =
              to.isEmpty() || to.equals(from) || MAY_KNOW.getOrDefault(from, Set.of()).contains(to);
          if (!allowed) {
            events.add(
                SimpleConditionEvent.violated(
                    javaClass, from + " knows " + to + ": " + dependency.getDescription()));
          }
        }
      }
    };
  }

  /** The module of a class, or "" if it is not the project's. */
  private static String module(String root, JavaClass javaClass) {
    String prefix = root + ".";
    String packageName = javaClass.getBaseComponentType().getPackageName();
    if (!packageName.startsWith(prefix)) {
      return "";
    }
    String inside = packageName.substring(prefix.length());
    int dot = inside.indexOf('.');
    return dot < 0 ? inside : inside.substring(0, dot);
  }
}
