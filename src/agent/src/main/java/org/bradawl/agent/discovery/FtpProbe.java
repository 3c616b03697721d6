package org.bradawl.agent.discovery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.bradawl.nat.Answer;

/**
 * Whether a NAT has an application-layer gateway for FTP. In active FTP (RFC 959 §3.2) the client
 * tells the server where to connect to, and behind a NAT it can only tell a private endpoint. If
 * the server does get through to it, somebody on the way has read along, has put a public endpoint
 * in its place, and lets the connection in. The server is any that takes anonymous users; nothing
 * is written to it.
 *
 * <p>It blocks, and has a thread of its own.
 */
final class FtpProbe {

  /** A server on the other side of the world answers in a tenth of it, under load too. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int LONGEST_ANSWER = 100;

  private final InetSocketAddress server;

  private FtpProbe(InetSocketAddress server) {
    this.server = server;
  }

  /**
   * Asks an FTP server.
   *
   * @return yes if there is such a gateway, no if active FTP does not work, unknown if that cannot
   *     be told from this server
   */
  static CompletableFuture<Answer> run(InetSocketAddress server) {
    return CompletableFuture.supplyAsync(
        () -> new FtpProbe(server).ask(), task -> Thread.ofVirtual().name("ftp").start(task));
  }

  private Answer ask() {
    int patience = (int) PATIENCE.toMillis();
    try (Socket control = new Socket()) {
      control.connect(server, patience);
      control.setSoTimeout(patience);
      InetAddress self = control.getLocalAddress();
      // PORT has room for IPv4 alone, and gateways look for it (RFC 959 §4.1.2).
      if (self.getAddress().length != 4) {
        return Answer.UNKNOWN;
      }
      try (ServerSocket data = new ServerSocket(0, 1, self)) {
        data.setSoTimeout(patience);
        return ask(control, data);
      }
    } catch (IOException e) {
      return Answer.UNKNOWN;
    }
  }

  private static Answer ask(Socket control, ServerSocket data) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII));
    OutputStream out = control.getOutputStream();
    if (code(in) != 220) {
      return Answer.UNKNOWN;
    }
    int user = said(in, out, "USER anonymous");
    if (user != 230 && (user != 331 || said(in, out, "PASS check@") != 230)) {
      return Answer.UNKNOWN;
    }
    String port = port(data.getInetAddress(), data.getLocalPort());
    // Servers refuse to connect to anybody but their client (RFC 2577 §3).
    if (said(in, out, port) / 100 != 2) {
      return Answer.NO;
    }
    say(out, "NLST");
    try (Socket back = data.accept()) {
      // Somebody else may knock too.
      return back.getInetAddress().equals(control.getInetAddress()) ? Answer.YES : Answer.UNKNOWN;
    } catch (SocketTimeoutException e) {
      return Answer.NO;
    }
  }

  private static String port(InetAddress address, int port) {
    return "PORT "
        + address.getHostAddress().replace('.', ',')
        + ","
        + port / 256
        + ","
        + port % 256;
  }

  private static int said(BufferedReader in, OutputStream out, String command) throws IOException {
    say(out, command);
    return code(in);
  }

  /** A gateway wants a command in one packet. */
  private static void say(OutputStream out, String command) throws IOException {
    out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** The code of an answer, which goes on while a minus follows the code (RFC 959 §4.2). */
  private static int code(BufferedReader in) throws IOException {
    for (int i = 0; i < LONGEST_ANSWER; i++) {
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the server hung up");
      }
      if (line.matches("[1-5][0-9]{2}( .*)?")) {
        return Integer.parseInt(line.substring(0, 3));
      }
    }
    throw new IOException("the answer does not end");
  }
}
