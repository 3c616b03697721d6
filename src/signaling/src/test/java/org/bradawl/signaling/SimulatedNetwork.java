package org.bradawl.signaling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Sockets between simulated clients and an exchange. Each keeps the order of its frames; frames of
 * different sockets overtake each other at will; a socket that breaks loses what is under way, and
 * the server may hear of it late, even after the same client is back on another socket.
 */
final class SimulatedNetwork {

  /** One connection. */
  private static final class Socket implements Link {
    final SimulatedClient client;
    final ArrayDeque<String> up = new ArrayDeque<>();
    final ArrayDeque<String> down = new ArrayDeque<>();
    Optional<Attachment> place = Optional.empty();
    boolean clientHere = true;
    boolean serverHere = true;

    Socket(SimulatedClient client) {
      this.client = client;
    }

    @Override
    public void send(String frame) {
      if (serverHere && clientHere) {
        down.add(frame);
      }
    }

    @Override
    public void close(Closing why) {
      serverHere = false;
    }
  }

  private final Exchange exchange;
  private final Random random;
  private final List<Socket> sockets = new ArrayList<>();
  private final Map<SimulatedClient, Socket> current = new LinkedHashMap<>();
  private final IceServers ice = new IceServers("[]", 60);
  long now;

  SimulatedNetwork(Exchange exchange, Random random) {
    this.exchange = exchange;
    this.random = random;
  }

  boolean connected(SimulatedClient client) {
    return current.containsKey(client);
  }

  void connect(SimulatedClient client) {
    breakFor(client);
    Socket socket = new Socket(client);
    Optional<Resumption> wish = client.resumption();
    client.connecting();
    sockets.add(socket);
    current.put(client, socket);
    socket.place = exchange.connect(socket, client.peer, wish, ice, now);
  }

  /**
   * The client's connection is gone; the server has not noticed yet, and what it sent may still
   * come.
   */
  void breakFor(SimulatedClient client) {
    Socket socket = current.remove(client);
    if (socket != null) {
      socket.clientHere = false;
      socket.down.clear();
      // Some of what was sent arrives, the rest never does: a prefix survives.
      int arriving = socket.up.isEmpty() ? 0 : random.nextInt(socket.up.size() + 1);
      while (socket.up.size() > arriving) {
        socket.up.removeLast();
      }
    }
  }

  /**
   * Moves one frame, or lets one end notice that the other is gone. Whether anything was to be
   * done.
   */
  boolean step() {
    current.forEach((client, socket) -> client.next().ifPresent(socket.up::add));
    sockets.removeIf(socket -> !socket.clientHere && !socket.serverHere);
    List<Socket> busy = sockets.stream().filter(SimulatedNetwork::hasWork).toList();
    if (busy.isEmpty()) {
      return false;
    }
    Socket socket = busy.get(random.nextInt(busy.size()));
    boolean upwards = socket.down.isEmpty() || (!socket.up.isEmpty() && random.nextBoolean());
    if (upwards && !socket.up.isEmpty()) {
      String frame = socket.up.remove();
      if (socket.serverHere) {
        socket.place.ifPresent(place -> exchange.receive(place, FrameScanner.scan(frame), now));
      }
    } else if (!socket.down.isEmpty()) {
      socket.client.receive(socket.down.remove());
    } else {
      notice(socket);
    }
    return true;
  }

  private static boolean hasWork(Socket socket) {
    return !socket.up.isEmpty() || !socket.down.isEmpty() || socket.clientHere != socket.serverHere;
  }

  private void notice(Socket socket) {
    if (!socket.clientHere) {
      socket.serverHere = false;
      socket.place.ifPresent(place -> exchange.lost(place, now));
    } else {
      socket.clientHere = false;
      current.remove(socket.client, socket);
    }
  }
}
