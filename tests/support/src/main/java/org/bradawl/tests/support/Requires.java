package org.bradawl.tests.support;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.opentest4j.TestAbortedException;

/**
 * What a test needs of the machine. A missing thing aborts the test with a reason, which the run
 * prints at the end; on CI, where {@code CI=true}, it fails the test, because there the machine is
 * set up to have everything.
 */
public final class Requires {

  private static final Duration PROBE = Duration.ofSeconds(10);

  private Requires() {}

  /**
   * The program called {@code name} on PATH or in the usual system folders.
   *
   * @param name the file name, such as {@code turnutils_uclient}
   * @param origin where it comes from, for the reason: a Debian package, for example
   */
  public static Path program(String name, String origin) {
    Optional<Path> found = find(name);
    that(found.isPresent(), "needs the program " + name + " (" + origin + ") on PATH");
    return found.orElseThrow();
  }

  /** The program called {@code name} if the machine has it. */
  public static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream((path + ":/usr/local/sbin:/usr/sbin:/sbin").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Linux. */
  public static void linux() {
    that(isLinux(), "needs Linux");
  }

  /** The rights of root. */
  public static void root() {
    that("root".equals(System.getProperty("user.name")), "needs to run as root");
  }

  /** Being allowed to make network namespaces, with iproute2 at hand. */
  public static void networkNamespaces() {
    linux();
    root();
    Path unshare = program("unshare", "Debian package util-linux");
    program("ip", "Debian package iproute2");
    Program.Result result = Program.run(PROBE, unshare.toString(), "--net", "true");
    that(result.exitCode() == 0, "needs the right to make network namespaces: " + result.output());
  }

  /** An IPv6 loopback address that sockets can be bound to. */
  public static void ipv6Loopback() {
    that(hasIpv6Loopback(), "needs IPv6 on the loopback interface");
  }

  /** Whether there is IPv6 on the loopback interface. */
  public static boolean hasIpv6Loopback() {
    try (DatagramSocket socket = new DatagramSocket(null)) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Anything else.
   *
   * @param condition whether the machine has it
   * @param reason what is missing, as a sentence that starts with "needs"
   */
  public static void that(boolean condition, String reason) {
    if (condition) {
      return;
    }
    if ("true".equals(System.getenv("CI"))) {
      Assertions.fail("on CI nothing may be missing: " + reason);
    }
    throw new TestAbortedException(reason);
  }

  private static boolean isLinux() {
    return "Linux".equals(System.getProperty("os.name"));
  }
}
