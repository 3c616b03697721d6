package org.bradawl.tests.architecture.violations.turn;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.DatagramChannel;

/** Opens sockets and asks the resolver. */
public class Sockets {
  String open() throws IOException {
    try (Socket socket = new Socket();
        DatagramChannel channel = DatagramChannel.open()) {
      InetAddress address = InetAddress.getByName("localhost");
      InetSocketAddress named = new InetSocketAddress("localhost", 3478);
      return named.getHostName() + address + socket + channel;
    }
  }
}
