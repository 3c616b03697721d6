package org.bradawl.benchmarks.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;

/** A server that runs, on a core of its own, and rests while another one is measured. */
final class Server implements AutoCloseable {

  /** A container on half a busy core takes 30 s. */
  private static final int READY_TRIES = 1_200;

  private static final int ANSWER_MILLIS = 100;

  /** Of the output of a server that does not start: the reason is there. */
  private static final int LAST_LINES = 20;

  /** The last line of a class histogram: instances and bytes. */
  private static final Pattern TOTAL = Pattern.compile("Total +[0-9]+ +([0-9]+)");

  private final String name;
  private final Optional<Process> started;
  private final Target target;

  private Server(String name, Optional<Process> started, Target target) {
    this.name = name;
    this.started = started;
    this.target = target;
  }

  /** A server that somebody else has started. */
  static Server attached(String address, long pid, String user, String password) {
    int colon = address.lastIndexOf(':');
    IpAddress host = IpAddress.parse(address.substring(0, colon).replaceAll("[\\[\\]]", ""));
    int port = Integer.parseInt(address.substring(colon + 1));
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    return new Server(
        "attached",
        Optional.empty(),
        new Target(new TransportAddress(host, port), process, user, password));
  }

  /**
   * Starts a server and waits until it serves.
   *
   * @param pin a command that pins another one to a core, or nothing
   * @param javaOptions for the virtual machine, beside its usual ones
   */
  static Server start(
      Contestant contestant,
      Path work,
      Contestant.Ports ports,
      List<String> pin,
      Optional<String> javaOptions)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(pin);
    command.addAll(contestant.command(work, ports));
    Path log = work.resolve(contestant.name() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // Read by the java launcher itself.
    javaOptions.ifPresent(text -> builder.environment().put("JDK_JAVA_OPTIONS", text));
    Process process = builder.start();
    TransportAddress address = new TransportAddress(IpAddress.v4(0x7f000001), ports.listen());
    for (int i = 0; i < READY_TRIES; i++) {
      if (Files.readString(log).contains(contestant.readyLine()) && answers(ports.listen())) {
        Target target = new Target(address, worker(process), Contestant.USER, Contestant.PASSWORD);
        return new Server(contestant.name(), Optional.of(process), target);
      }
      if (process.waitFor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    process.destroyForcibly();
    List<String> said = Files.readAllLines(log);
    throw new IOException(
        contestant.name()
            + " did not start. It said last:\n  "
            + String.join(
                "\n  ", said.subList(Math.max(said.size() - LAST_LINES, 0), said.size())));
  }

  private static boolean answers(int port) throws IOException {
    byte[] request = new byte[20];
    ByteBuffer.wrap(request)
        .putShort((short) 1)
        .putShort((short) 0)
        .putInt(TransactionId.MAGIC_COOKIE);
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.send(
          new DatagramPacket(request, request.length, InetAddress.getLoopbackAddress(), port));
      socket.receive(new DatagramPacket(new byte[1_500], 1_500));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** The process that does the work: the launcher is a script that waits for it. */
  private static ProcessHandle worker(Process process) {
    return process
        .descendants()
        .filter(child -> child.info().command().filter(c -> c.endsWith("java")).isPresent())
        .findFirst()
        .orElse(process.toHandle());
  }

  String name() {
    return name;
  }

  Target target() {
    return target;
  }

  boolean isJava() {
    return target.process().info().command().filter(c -> c.endsWith("java")).isPresent();
  }

  /** Takes no CPU until {@link #wake}. */
  void rest() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void wake() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(target.process().pid())).start().waitFor();
  }

  /** What lives in the heap after its garbage was collected; 0 where there is no heap. */
  double liveKilobytes() throws IOException, InterruptedException {
    if (!isJava()) {
      return 0;
    }
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process histogram =
        new ProcessBuilder(jcmd, Long.toString(target.process().pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(histogram.getInputStream().readAllBytes(), UTF_8);
    histogram.waitFor();
    Matcher total = TOTAL.matcher(said);
    return total.find() ? Long.parseLong(total.group(1)) / 1024.0 : Double.NaN;
  }

  @Override
  public void close() {
    try {
      wake();
      if (started.isPresent()) {
        Process process = started.get();
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        }
      }
    } catch (IOException e) {
      System.err.println(name + " was not ended: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
