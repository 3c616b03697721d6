package org.bradawl.tests.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody who has nothing to do with it: counts what comes to one port, over UDP and TCP. */
final class Canary implements AutoCloseable {

  /** An address that no peer of these tests is seen at. */
  static final String ADDRESS = "127.0.0.9";

  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final AtomicInteger connections = new AtomicInteger();

  Canary() throws IOException {
    InetAddress address = InetAddress.ofLiteral(ADDRESS);
    tcp = new ServerSocket(0, 50, address);
    udp = new DatagramSocket(tcp.getLocalPort(), address);
    CompletableFuture<Void> _ = CompletableFuture.runAsync(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        tcp.accept().close();
        connections.incrementAndGet();
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  String endpoint() {
    return ADDRESS + ":" + tcp.getLocalPort();
  }

  /** What has come until nothing came for so long. */
  int touchedWithin(int millis) throws IOException {
    int datagrams = 0;
    udp.setSoTimeout(millis);
    try {
      while (datagrams < 1_000) {
        udp.receive(new DatagramPacket(new byte[2_048], 2_048));
        datagrams++;
      }
    } catch (SocketTimeoutException e) {
      // So long has it been quiet.
    }
    return datagrams + connections.get();
  }

  @Override
  public void close() throws IOException {
    tcp.close();
    udp.close();
  }
}
