package org.bradawl.benchmarks.churn;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bradawl.datapath.Datapath;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.Method;
import org.bradawl.stun.TransportAddress;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.XorPeerAddress;
import org.bradawl.turn.auth.CredentialSource;
import org.bradawl.turn.auth.EphemeralCredentials;
import org.bradawl.turn.auth.RevocableCredentials;

/** Those who use the relay: what they do, and what credentials they have for it. */
final class Crowd {

  private static final int CHANNEL = 0x4000;
  private static final int ISSUERS = 40;

  /** Of a hundred lives; the others are over UDP. Handshakes cost, so they are few. */
  private static final int OVER_TCP = 10;

  private static final int OVER_TLS = 4;
  private static final int OVER_DTLS = 4;

  private final AtomicLong lives = new AtomicLong();
  private final AtomicLong echoes = new AtomicLong();
  private final Map<Integer, AtomicLong> codes = new ConcurrentHashMap<>();
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();
  private final Datapath datapath;
  private final TransportAddress peer;
  private final double lost;
  private volatile String secret = "secret-0";
  private volatile boolean over;

  Crowd(Datapath datapath, TransportAddress peer, double lost) {
    this.datapath = datapath;
    this.peer = peer;
    this.lost = lost;
  }

  /** The keys of all credentials made with a secret, but for those that are revoked. */
  CredentialSource source(String text) {
    return new RevocableCredentials(
        new EphemeralCredentials(text), who -> !revoked.contains(who.issuer()));
  }

  String secret() {
    return secret;
  }

  void secret(String changed) {
    secret = changed;
  }

  /** Takes back what one of the issuers has given out; the name of that one. */
  String revoke(int number) {
    String issuer = issuer(number % ISSUERS);
    revoked.add(issuer);
    return issuer;
  }

  void pardonAll() {
    revoked.clear();
  }

  /** Lets everybody go. */
  void stop() {
    over = true;
  }

  private static String issuer(int number) {
    return "%08x".formatted(number);
  }

  /** One client's lives, one after the other. */
  void live(SplittableRandom random, int most) {
    for (int i = 0; i < most && !over; i++) {
      Instant expires = Instant.now().plusSeconds(4 + random.nextInt(12));
      EphemeralCredentials.Minted minted =
          new EphemeralCredentials(secret)
              .mint("app/user" + random.nextInt(99), issuer(random.nextInt(ISSUERS)), expires);
      try (ChurningClient client =
          new ChurningClient(wire(random), minted.username(), minted.password(), random)) {
        life(client, random);
        echoes.addAndGet(client.echoes());
        lives.incrementAndGet();
      } catch (IOException e) {
        told(-2);
      }
    }
  }

  private Wire wire(SplittableRandom random) throws IOException {
    int drawn = random.nextInt(100);
    if (drawn < OVER_TCP) {
      return StreamWire.plain(server(Transport.TCP));
    } else if (drawn < OVER_TCP + OVER_TLS) {
      return StreamWire.secured(server(Transport.TLS));
    } else if (drawn < OVER_TCP + OVER_TLS + OVER_DTLS) {
      return new DtlsWire(server(Transport.DTLS), lost, random);
    }
    return new Wire.Datagrams(server(Transport.UDP), lost, random);
  }

  private InetSocketAddress server(Transport transport) {
    return datapath.listeners().stream()
        .filter(listener -> listener.transport() == transport)
        .map(listener -> listener.address().toSocketAddress())
        .findFirst()
        .orElseThrow();
  }

  private void life(ChurningClient client, SplittableRandom random) throws IOException {
    if (!equipped(client)) {
      return;
    }
    for (int i = random.nextInt(30); i > 0 && !over; i--) {
      client.chat(CHANNEL);
      if (random.nextInt(10) == 0) {
        told(client.request(Method.Known.REFRESH, new Lifetime(600)));
      }
    }
    if (random.nextInt(3) > 0) {
      told(client.request(Method.Known.REFRESH, new Lifetime(0)));
    } // else it vanishes, and the end of its credential is the end of its allocation
  }

  /** Whether it has an allocation; then also a permission and a channel, if nothing forbids. */
  private boolean equipped(ChurningClient client) throws IOException {
    int allocated =
        told(client.request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP)));
    if (allocated != 0) {
      return false;
    }
    told(client.request(Method.Known.CREATE_PERMISSION, new XorPeerAddress(peer)));
    told(
        client.request(
            Method.Known.CHANNEL_BIND, new ChannelNumber(CHANNEL), new XorPeerAddress(peer)));
    return true;
  }

  private int told(int code) {
    codes.computeIfAbsent(code, unseen -> new AtomicLong()).incrementAndGet();
    return code;
  }

  /**
   * Clients that vanish at once, with credentials that outlive the run: nothing but the lifetime of
   * their allocations, permissions and channels ends what they had.
   */
  int sleep(int count, SplittableRandom random) throws IOException {
    int asleep = 0;
    for (int i = 0; i < count; i++) {
      try (ChurningClient sleeper = lossless("app/sleeper", random)) {
        asleep += equipped(sleeper) ? 1 : 0;
      }
    }
    return asleep;
  }

  /** Takes every port and every place of the quota, finds the next refused, and gives all back. */
  boolean fill(int ports, SplittableRandom random) throws Exception {
    List<ChurningClient> holders = new ArrayList<>();
    int refused = 0;
    try {
      for (int i = 0; i < ports; i++) {
        refused += holder(holders, random) == 0 ? 0 : 1;
      }
      int beyond = holder(holders, random);
      System.out.printf(
          "of %d ports %d could be had; the next one: %d%n", ports, ports - refused, beyond);
      return refused == 0 && (beyond == 508 || beyond == 486); // no port, or no place in the quota
    } finally {
      for (ChurningClient holder : holders) {
        holder.request(Method.Known.REFRESH, new Lifetime(0));
        holder.close();
      }
      Thread.sleep(1_500);
      if (!datapath.allocations().isEmpty()) {
        System.out.println("allocations are left: " + datapath.allocations().size());
      }
    }
  }

  private int holder(List<ChurningClient> holders, SplittableRandom random) throws IOException {
    ChurningClient holder = lossless("app/holder", random);
    holders.add(holder);
    return holder.request(Method.Known.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
  }

  private ChurningClient lossless(String user, SplittableRandom random) throws IOException {
    EphemeralCredentials.Minted minted =
        new EphemeralCredentials(secret).mint(user, Instant.now().plus(Duration.ofHours(1)));
    return new ChurningClient(
        new Wire.Datagrams(server(Transport.UDP), 0, random),
        minted.username(),
        minted.password(),
        random);
  }

  /** How far it is. */
  String progress() {
    return lives.get() + " lives, " + echoes.get() + " echoes";
  }

  /** What was answered: error codes, 0 for success, -1 for no answer, -2 for a broken wire. */
  String answers() {
    StringBuilder text = new StringBuilder("answers");
    codes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> text.append(' ').append(entry.getKey()).append('×').append(entry.getValue()));
    return text.toString();
  }
}
