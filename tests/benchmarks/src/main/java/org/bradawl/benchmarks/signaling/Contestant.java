package org.bradawl.benchmarks.signaling;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server to be measured. It runs pinned to one core, apart from the generator's. */
abstract class Contestant {

  /** Its name in table and JSON. */
  abstract String name();

  abstract Protocol protocol();

  /** The command line. */
  abstract List<String> command(Path work, int port) throws IOException;

  /** What its output says when it is ready. */
  abstract String readyLine();

  /** Makes memory figures comparable where garbage is collected late. */
  void settle(ProcessHandle process) throws IOException, InterruptedException {}

  /** A server that runs. */
  record Running(Process process, InetSocketAddress address) implements AutoCloseable {
    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      try {
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  Running start(Path work, int port, Optional<Integer> core)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    core.ifPresent(c -> command.addAll(List.of("taskset", "-c", c.toString())));
    command.addAll(command(work, port));
    Path log = work.resolve(name() + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    // A benchmark that is interrupted leaves no server behind.
    Running ending = new Running(process, loopback(port));
    Runtime.getRuntime().addShutdownHook(new Thread(ending::close));
    for (int i = 0; i < 1_200; i++) {
      if (Files.readString(log).contains(readyLine())) {
        return new Running(process, loopback(port));
      }
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    process.destroyForcibly();
    throw new IOException(name() + " did not start; its output is in " + log);
  }

  /** Our server, as `./bradawl serve` starts it. */
  static final class Bradawl extends Contestant {
    private static final String KEY = "benchmark-0123456789abcdef";
    private final Path root;
    private final boolean withNext;

    Bradawl(Path root, boolean withNext) {
      this.root = root;
      this.withNext = withNext;
    }

    @Override
    String name() {
      return "bradawl";
    }

    @Override
    Protocol protocol() {
      return new Protocol.Bradawl(KEY, withNext);
    }

    @Override
    List<String> command(Path work, int port) {
      List<String> command = new ArrayList<>();
      command.add(root.resolve("bradawl").toString());
      command.add("serve");
      set(command, "bradawl.http.address", "127.0.0.1");
      set(command, "bradawl.http.port", Integer.toString(port));
      set(command, "bradawl.listen.address", "127.0.0.1");
      set(command, "bradawl.listen.port", Integer.toString(port + 1));
      set(command, "bradawl.listen.alternate-port", Integer.toString(port + 2));
      set(command, "bradawl.listen.tls-port", "0");
      set(command, "bradawl.relay.min-port", Integer.toString(port + 100));
      set(command, "bradawl.relay.max-port", Integer.toString(port + 199));
      set(command, "bradawl.applications", "demo:" + KEY);
      set(command, "bradawl.data.directory", work.resolve("data").toString());
      return command;
    }

    private static void set(List<String> command, String key, String value) {
      command.add("--set");
      command.add(key + "=" + value);
    }

    @Override
    String readyLine() {
      return "bradawl ready http";
    }

    @Override
    void settle(ProcessHandle process) throws IOException, InterruptedException {
      Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
      new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  /** PeerServer, if it is here. */
  static final class PeerServer extends Contestant {
    static final String VERSION = "1.0.2";
    private final Path script;

    private PeerServer(Path script) {
      this.script = script;
    }

    /** Looks for node on the PATH and for the package in {@code node_modules} folders. */
    static Optional<Contestant> find(Path root, Optional<Path> given) {
      if (onPath("node").isEmpty()) {
        return Optional.empty();
      }
      List<Path> folders = new ArrayList<>();
      given.ifPresent(folders::add);
      given.map(folder -> folder.resolve("node_modules/peer")).ifPresent(folders::add);
      folders.add(root.resolve("tests/benchmarks/signaling/node_modules/peer"));
      folders.add(Path.of("/usr/local/lib/node_modules/peer"));
      folders.add(Path.of("/usr/lib/node_modules/peer"));
      return folders.stream()
          .filter(PeerServer::isRightVersion)
          .map(folder -> folder.resolve("dist/bin/peerjs.js"))
          .filter(Files::exists)
          .findFirst()
          .map(PeerServer::new);
    }

    private static boolean isRightVersion(Path folder) {
      try {
        return Files.readString(folder.resolve("package.json"))
            .replace(" ", "")
            .contains("\"version\":\"" + VERSION + "\"");
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    String name() {
      return "peerserver";
    }

    @Override
    Protocol protocol() {
      return new Protocol.PeerJs();
    }

    @Override
    List<String> command(Path work, int port) {
      return List.of(
          "node",
          script.toString(),
          "--port",
          Integer.toString(port),
          "--host",
          "127.0.0.1",
          "--key",
          "peerjs",
          "--concurrent_limit",
          "20000");
    }

    @Override
    String readyLine() {
      return "Started PeerServer";
    }
  }

  /** A server of ours that somebody else has started. */
  static final class Attached extends Contestant {
    private final ProcessHandle process;
    private final int port;
    private final String key;
    private final boolean withNext;

    Attached(int port, long pid, String key, boolean withNext) {
      this.withNext = withNext;
      this.process = ProcessHandle.of(pid).orElseThrow();
      this.port = port;
      this.key = key;
    }

    ProcessHandle process() {
      return process;
    }

    InetSocketAddress address() {
      return loopback(port);
    }

    @Override
    String name() {
      return "attached";
    }

    @Override
    Protocol protocol() {
      return new Protocol.Bradawl(key, withNext);
    }

    @Override
    List<String> command(Path work, int otherPort) {
      throw new IllegalStateException("it runs already");
    }

    @Override
    String readyLine() {
      return "";
    }
  }

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** A program on the PATH. */
  static Optional<Path> onPath(String program) {
    String path = System.getenv("PATH");
    return path == null
        ? Optional.empty()
        : Arrays.stream(path.split(File.pathSeparator))
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
  }

  static String decimals(double value, int places) {
    return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%." + places + "f", value);
  }
}
