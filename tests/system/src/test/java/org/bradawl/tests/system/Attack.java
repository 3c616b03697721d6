package org.bradawl.tests.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.Method;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.TransactionId;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.XorMappedAddress;
import org.bradawl.traversal.CheckMessages;
import org.bradawl.traversal.Credentials;

/**
 * All that somebody can do to agents whose endpoints it knows, at once and without end: forged
 * checks and answers, garbage that looks like STUN or QUIC, connections that say nothing, and, with
 * the same application's key, requests for connections that are nothing but a pretext to get checks
 * signed, replayed then, also in the name of a bystander.
 */
final class Attack implements AutoCloseable {

  /**
   * Some 4,000 datagrams a second from both floods together: what agents on a machine that does
   * much else must put up with, and no measure of how many they could.
   */
  private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

  private static final int BATCH = 20;

  private final List<InetSocketAddress> victims;
  private final Random random = new Random(1);
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger replayed = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger canary = new AtomicInteger();
  private final DatagramSocket own = socket("127.0.0.1");
  private final DatagramSocket bystander = socket("127.0.0.9");
  private final List<Thread> threads = new ArrayList<>();
  private final NativePeer mallory =
      NativePeer.enter("mallory-" + UUID.randomUUID().toString().substring(0, 8), _ -> {});
  private volatile boolean over;

  /** Attacks these until it is closed; the first listens under {@code name}. */
  Attack(String name, List<InetSocketAddress> victims) {
    this.victims = victims;
    count(own, answers);
    count(bystander, canary);
    threads.add(Thread.ofPlatform().daemon().name("flood").start(this::flood));
    threads.add(Thread.ofPlatform().daemon().name("connections").start(this::connect));
    threads.add(Thread.ofPlatform().daemon().name("mallory").start(() -> visit(name)));
  }

  /** Datagrams that were thrown at the victims, and what of them was a replay. */
  int sent() {
    return sent.get();
  }

  int replayed() {
    return replayed.get();
  }

  int connections() {
    return connections.get();
  }

  /** What came back to the attacker itself. */
  int answers() {
    return answers.get();
  }

  /** What came to somebody who has nothing to do with it. */
  int reachedBystander() {
    return canary.get();
  }

  private static DatagramSocket socket(String address) {
    try {
      return new DatagramSocket(0, InetAddress.ofLiteral(address));
    } catch (SocketException e) {
      throw new UncheckedIOException("no socket on loopback", e);
    }
  }

  private static void count(DatagramSocket socket, AtomicInteger counter) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              socket.receive(new DatagramPacket(new byte[2_000], 2_000));
              counter.incrementAndGet();
            }
          } catch (IOException e) {
            // Closed: the attack is over.
          }
        });
  }

  private void send(DatagramSocket from, ByteBuffer datagram, InetSocketAddress to) {
    byte[] bytes = new byte[datagram.remaining()];
    datagram.duplicate().get(bytes);
    try {
      from.send(new DatagramPacket(bytes, bytes.length, to));
      sent.incrementAndGet();
    } catch (IOException e) {
      // Refused, or over: the next one may arrive.
    }
  }

  private void flood() {
    try (DatagramSocket forger = socket("127.0.0.1")) {
      for (int i = 0; !over; i++) {
        for (InetSocketAddress victim : victims) {
          send(forger, forged(i), victim);
        }
        if (i % BATCH == 0) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private ByteBuffer forged(int i) {
    TransactionId id = TransactionId.random(random);
    return switch (i % 4) {
      case 0 ->
          new CheckMessages(guess(), guess()).request(id, true, random.nextLong(), 1, i % 8 == 0);
      case 1 ->
          Encoder.PLAIN.encode(
              StunMessage.request(Method.Known.BINDING, id)
                  .build()
                  .success()
                  .add(new XorMappedAddress(TransportAddress.of(victims.getFirst())))
                  .build());
      case 2 -> garbage(0, 200);
      // A long header's first byte, as that of QUIC's first flight.
      default -> garbage(0xc0, 1_200);
    };
  }

  private Credentials guess() {
    return Credentials.random(random);
  }

  private ByteBuffer garbage(int first, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    bytes[0] = (byte) first;
    return ByteBuffer.wrap(bytes);
  }

  /** Half of them say something that is no check, the others nothing at all. */
  private void connect() {
    List<Socket> silent = new ArrayList<>();
    while (!over) {
      for (InetSocketAddress victim : victims) {
        try {
          Socket socket = new Socket(victim.getAddress(), victim.getPort());
          silent.add(socket);
          if (connections.incrementAndGet() % 2 == 0) {
            socket.getOutputStream().write(garbage(0, 100).array());
          }
        } catch (IOException e) {
          // Refused; there are others.
        }
      }
      if (silent.size() > 200) {
        closeAll(silent);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    closeAll(silent);
  }

  private static void closeAll(List<Socket> sockets) {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // The victim was faster.
      }
    }
    sockets.clear();
  }

  /** Has a traversal planned, and makes of it what it can. */
  private void visit(String name) {
    mallory.introduce("192.168.1.1");
    String victim = bystander.getLocalSocketAddress().toString().substring(1);
    mallory.say(
        "{\"type\":\"host\",\"hosts\":[\"%1$s\"],\"gateway\":\"192.168.1.1\",\"portMapped\":\"%1$s\"}"
            .formatted(victim));
    mallory.connect(name);
    JsonNode plan = mallory.hear("plan");
    String traversal = plan.path("traversal").asText();
    for (JsonNode step : plan.path("steps")) {
      mallory.say(
          """
          {"type":"ready","traversal":"%s","step":%d,"endpoints":["%s"],\
          "range":{"lowest":"127.0.0.9:1","size":65535}}\
          """
              .formatted(traversal, step.path("number").asInt(), victim));
    }
    Credentials ours = new Credentials(mallory.name(), mallory.name() + "0123456789012345");
    Credentials theirs =
        new Credentials(
            plan.path("ice").path("ufrag").asText(), plan.path("ice").path("pwd").asText());
    ByteBuffer signed =
        new CheckMessages(ours, theirs).request(TransactionId.random(random), true, 1, 1, true);
    for (int round = 0; !over; round++) {
      // Flooding the planner too, as far as the server listens; the answers are of no interest.
      if (round % BATCH == 0) {
        mallory.connect(name);
      }
      for (int i = 0; i < BATCH; i++) {
        replayed.incrementAndGet();
        send(own, signed, victims.getFirst());
        send(bystander, signed, victims.getFirst());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public String toString() {
    return "%s sent, %s replayed, %s answered, %s connections, %s at the bystander"
        .formatted(sent, replayed, answers, connections, canary);
  }

  @Override
  public void close() {
    over = true;
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mallory.close();
    own.close();
    bystander.close();
  }
}
