package org.bradawl.tests.support;

import java.io.PrintStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints every test that was skipped, with the reason, when a run ends: a green build must not hide
 * what it did not try. JUnit loads it as a service.
 */
public final class SkippedTests implements TestExecutionListener {

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private final PrintStream out;

  /** Made by JUnit's service loader: prints to standard output. */
  public SkippedTests() {
    this(System.out);
  }

  SkippedTests(PrintStream out) {
    this.out = out;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    lines.add(line(test, reason));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case ABORTED ->
          lines.add(line(test, result.getThrowable().map(Throwable::getMessage).orElse("aborted")));
      case SUCCESSFUL, FAILED -> {}
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    for (String line = lines.poll(); line != null; line = lines.poll()) {
      out.println(line);
    }
  }

  private static String line(TestIdentifier test, String reason) {
    return "SKIPPED " + test.getSource().map(SkippedTests::place).orElse("") + ": " + reason;
  }

  private static String place(TestSource source) {
    if (source instanceof MethodSource method) {
      return method.getClassName() + "." + method.getMethodName();
    }
    return source instanceof ClassSource type ? type.getClassName() : source.toString();
  }
}
