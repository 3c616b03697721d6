package org.bradawl.natlab.program;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * An HTTP server with the files of a folder, which answers many at once: the JDK's own {@code
 * jwebserver} makes everybody wait for whoever reads slowly.
 */
public final class HttpFiles {

  /** What it says when it serves. */
  public static final String READY = "serving HTTP";

  private HttpFiles() {}

  /** Serves on 127.0.0.1 until it is ended: the port, then the folder's absolute path. */
  public static void main(String... arguments) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(arguments[0]));
    HttpServer server = HttpServer.create(address, 0);
    server.createContext("/", SimpleFileServer.createFileHandler(Path.of(arguments[1])));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    System.out.println(READY);
  }
}
