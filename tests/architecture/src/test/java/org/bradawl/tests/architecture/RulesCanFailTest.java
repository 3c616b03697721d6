package org.bradawl.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule, over a small project that breaks it. */
class RulesCanFailTest {

  private static final String ROOT = "org.bradawl.tests.architecture.violations";

  private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(ROOT);

  /** A rule, and what its report must name, in any order. */
  static Stream<Arguments> broken() {
    return Stream.of(
        arguments(
            ModuleArrows.pointOneWay(ROOT),
            List.of(
                "stun knows turn",
                "datapath knows server",
                "signaling knows stun",
                "stranger.Stranger is in a module that is not on the map")),
        arguments(
            PureMachines.readNoClock(ROOT),
            List.of(
                "System.nanoTime()",
                "System.currentTimeMillis()",
                "Instant.now()",
                "Clock.systemUTC()",
                "InstantSource.system()",
                "LocalDate.now(",
                "Date.<init>()",
                "references method <java.lang.System.nanoTime()>")),
        arguments(
            PureMachines.startNoThreadAndNeverWait(ROOT),
            List.of(
                "Thread.sleep(",
                "Thread.start()",
                "Thread$Builder",
                "TimeUnit.sleep(",
                "Timer.<init>()",
                "Executors.newCachedThreadPool()",
                "Object.wait(")),
        arguments(
            PureMachines.openNoSocketAndResolveNoName(ROOT),
            List.of(
                "DatagramChannel.open()",
                "java.net.Socket",
                "InetAddress.getByName(",
                "InetSocketAddress.<init>(java.lang.String, int)",
                "InetSocketAddress.getHostName()")),
        arguments(
            PureMachines.logNothing(ROOT),
            List.of("System.out", "java.util.logging.Logger", "System$Logger")),
        arguments(PureMachines.knowNoContainer(ROOT), List.of("ApplicationScoped")),
        arguments(
            PureMachines.makeNoRandomness(ROOT),
            List.of(
                "SecureRandom.<init>()",
                "Random.<init>()",
                "UUID.randomUUID()",
                "Math.random()",
                "ThreadLocalRandom.current()",
                "RandomGenerator.getDefault()")),
        arguments(Boundaries.nativeCallsAreFenced(ROOT), List.of("datapath.Native", "Arena")),
        arguments(Boundaries.oneClassLeadsToTheFence(ROOT), List.of("agent.Relaying", "Shard")),
        arguments(
            Boundaries.entitiesLiveInEntityPackages(ROOT), List.of("peers.control.MisplacedRow")),
        arguments(Boundaries.entitiesDoNotLeave(ROOT), List.of("boundary.PeerResource")),
        arguments(Boundaries.componentsPointInwards(ROOT), List.of("control.PeerStore")),
        arguments(
            Boundaries.transactionsBeginAtTheBoundary(ROOT),
            List.of("control.PeerStore", "PeerStore.save()")),
        arguments(Names.packagesAreNullMarked(ROOT), List.of("stranger.Stranger")),
        arguments(
            Names.namesAreResponsibilities(ROOT),
            List.of("PacketManager", "PacketHelper", "PacketUtil", "PacketUtils", "PacketImpl")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void saysWhatBreaksItAndWhy(ArchRule rule, List<String> named) {
    EvaluationResult result = rule.evaluate(VIOLATIONS);
    assertThat(result.hasViolation()).isTrue();
    assertThat(result.getFailureReport().toString()).contains(named).contains("because");
  }

  @Test
  void everyRuleIsShown() {
    assertThat(broken().map(row -> ((ArchRule) row.get()[0]).getDescription()))
        .containsExactlyInAnyOrderElementsOf(
            ArchitectureTest.rules(ROOT).map(ArchRule::getDescription).toList());
  }

  /** What the rules allow is there too, and no report names it. */
  @Test
  void whatIsRightIsNotReported() {
    assertThat(ArchitectureTest.rules(ROOT).map(rule -> rule.evaluate(VIOLATIONS)))
        .allSatisfy(result ->
            assertThat(result.getFailureReport().getDetails())
                .noneMatch(line -> line.contains("Innocent")));
  }

  @Test
  void aPackageThatSaysNothingIsNamed(@TempDir Path sources) throws IOException {
    write(sources.resolve("good"), "/** Holds what this test needs, and knows nothing. */");
    write(sources.resolve("mute"), "");
    write(sources.resolve("short"), "/** Entities. */");
    Files.createDirectories(sources.resolve("bare"));
    Files.writeString(sources.resolve("bare/A.java"), "class A {}");
    assertThat(PackageStories.missing(sources)).containsExactly("bare", "mute", "short");
  }

  private static void write(Path folder, String javadoc) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("A.java"), "class A {}");
    Files.writeString(folder.resolve("package-info.java"), javadoc + "\npackage x;");
  }
}
