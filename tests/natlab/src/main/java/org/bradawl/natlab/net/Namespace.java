package org.bradawl.natlab.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A network namespace. It goes away when it is closed, when the Java that made it ends, and at the
 * latest when the next lab finds that its maker is no more.
 */
public final class Namespace implements AutoCloseable {

  private static final String PREFIX = "bradawl-";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Set<Namespace> OPEN = ConcurrentHashMap.newKeySet();

  static {
    sweep();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> List.copyOf(OPEN).forEach(Namespace::close), "remove namespaces"));
  }

  private final String name;

  private Namespace(String name) {
    this.name = name;
  }

  /**
   * Makes one, with its loopback up.
   *
   * @param role a word that tells people what it is for
   */
  public static Namespace create(String role) {
    String name =
        PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + "-" + role;
    Command.run("ip", "netns", "add", name);
    Namespace made = new Namespace(name);
    OPEN.add(made);
    made.ip("link set lo up");
    return made;
  }

  /** What {@code ip netns} calls it. */
  public String name() {
    return name;
  }

  /** Runs commands of {@code ip} in it, one a line, without the word ip. */
  public void ip(String... commands) {
    ip(List.of(commands));
  }

  /** Runs commands of {@code ip} in it, without the word ip. */
  public void ip(List<String> commands) {
    Command.run(List.of("ip", "-n", name, "-batch", "-"), String.join("\n", commands) + "\n");
  }

  /** Asks {@code ip} something in it. */
  public String ipOutput(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(Arrays.asList(arguments));
    return Command.run(command, "");
  }

  /** Sets values below {@code /proc/sys}, which belong to the namespace. */
  public void set(Map<String, String> values) {
    String script =
        values.entrySet().stream()
            .map(entry -> "echo " + entry.getValue() + " > /proc/sys/" + entry.getKey())
            .collect(Collectors.joining(" && "));
    Command.run(inside("sh", "-c", script), "");
  }

  /** Loads a script of {@code nft}. */
  public void rules(String script) {
    Command.run(inside("nft", "-f", "-"), script);
  }

  /** The command line that runs another one inside. */
  public List<String> inside(String... command) {
    return inside(List.of(command));
  }

  /** The command line that runs another one inside. */
  public List<String> inside(List<String> command) {
    List<String> entered = new ArrayList<>(List.of("ip", "netns", "exec", name));
    entered.addAll(command);
    return entered;
  }

  /** Ends what still runs inside and removes it. */
  @Override
  public void close() {
    if (OPEN.remove(this)) {
      remove(name);
    }
  }

  /**
   * Removes what labs that are no more left behind; the first namespace of a process does it too.
   */
  public static void sweep() {
    Arrays.stream(Command.run("ip", "netns", "list").split("\n"))
        .map(line -> line.split(" ", 2)[0])
        .filter(Namespace::isOrphan)
        .forEach(Namespace::remove);
  }

  private static boolean isOrphan(String name) {
    String[] parts = name.split("-", 4);
    return name.startsWith(PREFIX)
        && parts.length == 4
        && parts[1].matches("[0-9]{1,9}")
        && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty();
  }

  private static void remove(String name) {
    Command.run("ip", "netns", "pids", name)
        .lines()
        .map(String::strip)
        .filter(pid -> pid.matches("[0-9]+"))
        .forEach(
            pid -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
    Command.run("ip", "netns", "del", name);
  }

  @Override
  public String toString() {
    return name;
  }
}
