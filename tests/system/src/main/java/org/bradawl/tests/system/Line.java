package org.bradawl.tests.system;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** What carries a client's STUN messages to the server and back, one after the other. */
sealed interface Line extends AutoCloseable {

  int PATIENCE_MILLIS = 5_000;

  /** Sends a request and waits for what comes back. */
  byte[] exchange(byte[] request);

  int localPort();

  /** The TCP connection. */
  Socket socket();

  @Override
  void close();

  static Line udp(InetSocketAddress server) {
    try {
      DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
      socket.setSoTimeout(PATIENCE_MILLIS);
      return new Udp(socket, server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Line tcp(InetSocketAddress server) {
    try {
      Socket socket = new Socket(server.getAddress(), server.getPort());
      socket.setSoTimeout(PATIENCE_MILLIS);
      return new Tcp(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Datagrams. */
  record Udp(DatagramSocket datagrams, InetSocketAddress server) implements Line {

    @Override
    public byte[] exchange(byte[] request) {
      DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
      try {
        datagrams.send(new DatagramPacket(request, request.length, server));
        datagrams.receive(packet);
      } catch (IOException e) {
        throw new UncheckedIOException("no answer from " + server, e);
      }
      return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    @Override
    public int localPort() {
      return datagrams.getLocalPort();
    }

    @Override
    public Socket socket() {
      throw new IllegalStateException("datagrams have no connection");
    }

    @Override
    public void close() {
      datagrams.close();
    }
  }

  /** A stream, framed by the length in each message (RFC 8489 §6.2.2). */
  record Tcp(Socket socket) implements Line {

    @Override
    public byte[] exchange(byte[] request) {
      try {
        socket.getOutputStream().write(request);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] header = in.readNBytes(20);
        if (header.length < 20) {
          throw new IOException("the server hung up");
        }
        int length = (header[2] & 0xFF) << 8 | (header[3] & 0xFF);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(header);
        whole.writeBytes(in.readNBytes(length));
        return whole.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException("no answer from " + socket, e);
      }
    }

    @Override
    public int localPort() {
      return socket.getLocalPort();
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
