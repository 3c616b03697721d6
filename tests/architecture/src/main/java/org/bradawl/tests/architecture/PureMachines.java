package org.bradawl.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the modules of pure machines may not touch. */
final class PureMachines {

  private static final Set<String> CORE = Set.of("stun", "turn", "nat", "traversal", "signaling");

  /** Addresses are values; everything else in java.net opens something or asks somebody. */
  private static final Set<String> NET_VALUES =
      Set.of(
          "java.net.InetAddress",
          "java.net.Inet4Address",
          "java.net.Inet6Address",
          "java.net.InetSocketAddress",
          "java.net.SocketAddress",
          "java.net.UnknownHostException",
          "java.net.URI",
          "java.net.URISyntaxException");

  private static final Set<String> RESOLVER_CALLS =
      Set.of("getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName");

  private static final Set<String> THREADS =
      Set.of(
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.concurrent.CompletableFuture",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ThreadFactory",
          "java.util.concurrent.locks.LockSupport");

  private PureMachines() {}

  /** All rules of this class. */
  static Stream<ArchRule> rules(String root) {
    return Stream.of(
        readNoClock(root),
        startNoThreadAndNeverWait(root),
        openNoSocketAndResolveNoName(root),
        logNothing(root),
        knowNoContainer(root),
        makeNoRandomness(root));
  }

  static ArchRule readNoClock(String root) {
    return noMachine(root)
        .should()
        .accessTargetWhere(access("reads a clock", PureMachines::readsClock))
        .because(
            "time is an input: a simulation runs an hour in a millisecond, and a test says when a"
                + " permission expires; take nowNanos or an InstantSource");
  }

  static ArchRule startNoThreadAndNeverWait(String root) {
    return noMachine(root)
        .should()
        .dependOnClassesThat(type("start threads or wait", PureMachines::startsThreads))
        .orShould()
        .accessTargetWhere(
            access(
                "waits",
                access ->
                    calls(access, "java.util.concurrent.TimeUnit", Set.of("sleep", "timedJoin"))
                        || calls(access, "java.lang.Object", Set.of("wait"))))
        .because(
            "a machine belongs to the one thread that calls it; deadlines go through its deadline"
                + " queue, and who waits for them is the shell");
  }

  static ArchRule openNoSocketAndResolveNoName(String root) {
    return noMachine(root)
        .should()
        .dependOnClassesThat(type("open sockets", PureMachines::opensSockets))
        .orShould()
        .accessTargetWhere(access("asks the resolver", PureMachines::asksResolver))
        .because(
            "sending is an action out and receiving an input in, and a name that resolves slowly"
                + " would stop a shard; addresses are values");
  }

  static ArchRule logNothing(String root) {
    return noMachine(root)
        .should()
        .dependOnClassesThat(
            type(
                "log",
                javaClass ->
                    javaClass.getName().startsWith("java.lang.System$Logger")
                        || in(javaClass, "java.util.logging", "org.slf4j", "org.jboss.logging")))
        .orShould()
        .accessTargetWhere(
            access(
                "prints",
                access -> calls(access, "java.lang.System", Set.of("out", "err", "getLogger"))))
        .because(
            "hostile input would write the log; a machine returns outcomes and counts, and the shell"
                + " decides what is worth a line");
  }

  static ArchRule knowNoContainer(String root) {
    return noMachine(root)
        .should()
        .dependOnClassesThat(
            type(
                "belong to Jakarta EE or MicroProfile",
                javaClass -> in(javaClass, "jakarta", "org.eclipse.microprofile")))
        .because("the same machines run in the agent, in simulations and without a container");
  }

  static ArchRule makeNoRandomness(String root) {
    return noMachine(root)
        .should()
        .accessTargetWhere(access("makes randomness of its own", PureMachines::makesRandomness))
        .because(
            "a simulation that failed is run again from its seed; take a RandomGenerator, and let"
                + " the shell hand in a SecureRandom");
  }

  private static GivenClassesConjunction noMachine(String root) {
    return noClasses()
        .that()
        .resideInAnyPackage(
            CORE.stream()
                .sorted()
                .map(module -> root + "." + module + "..")
                .toArray(String[]::new));
  }

  private static boolean readsClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    return calls(access, "java.lang.System", Set.of("currentTimeMillis", "nanoTime"))
        || (owner.startsWith("java.time.") && name.equals("now"))
        || (owner.equals("java.time.Clock")
            && (name.startsWith("system") || name.startsWith("tick")))
        || calls(access, "java.time.InstantSource", Set.of("system"))
        || calls(access, "java.util.Calendar", Set.of("getInstance"))
        || constructs(access, "java.util.Date");
  }

  private static boolean startsThreads(JavaClass javaClass) {
    return THREADS.contains(javaClass.getName())
        || javaClass.getName().startsWith("java.lang.Thread$")
        || javaClass.isAssignableTo(Executor.class);
  }

  private static boolean opensSockets(JavaClass javaClass) {
    return in(javaClass, "java.nio.channels")
        || in(javaClass, "javax.net")
        || (in(javaClass, "java.net") && !NET_VALUES.contains(javaClass.getName()));
  }

  private static boolean asksResolver(JavaAccess<?> access) {
    return calls(access, "java.net.InetAddress", RESOLVER_CALLS)
        || calls(access, "java.net.InetSocketAddress", Set.of("getHostName"))
        || (constructs(access, "java.net.InetSocketAddress")
            && access.getTarget().getFullName().contains("java.lang.String"));
  }

  private static boolean makesRandomness(JavaAccess<?> access) {
    return calls(access, "java.lang.Math", Set.of("random"))
        || calls(access, "java.util.UUID", Set.of("randomUUID"))
        || calls(access, "java.util.random.RandomGenerator", Set.of("getDefault", "of"))
        || calls(access, "java.util.concurrent.ThreadLocalRandom", Set.of("current"))
        || constructs(access, "java.security.SecureRandom")
        || access.getTarget().getFullName().equals("java.util.Random.<init>()");
  }

  private static boolean calls(JavaAccess<?> access, String owner, Set<String> names) {
    return access.getTargetOwner().getName().equals(owner)
        && names.contains(access.getTarget().getName());
  }

  private static boolean constructs(JavaAccess<?> access, String owner) {
    return calls(access, owner, Set.of("<init>"));
  }

  private static boolean in(JavaClass javaClass, String... packages) {
    String name = javaClass.getBaseComponentType().getPackageName();
    return Stream.of(packages).anyMatch(p -> name.equals(p) || name.startsWith(p + "."));
  }

  private static DescribedPredicate<JavaClass> type(String what, Predicate<JavaClass> predicate) {
    return describe(what, predicate);
  }

  private static DescribedPredicate<JavaAccess<?>> access(
      String what, Predicate<JavaAccess<?>> predicate) {
    return describe(what, predicate);
  }
}
