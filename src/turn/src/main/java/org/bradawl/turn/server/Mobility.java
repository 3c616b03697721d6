package org.bradawl.turn.server;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.FiveTuple;

/**
 * What all shards know of clients that move (RFC 8016). The kernel hands a client's new address to
 * whatever shard it likes, while the allocation stays with its relay socket: the shard that gets a
 * message then hands it to the owner, and sends what the owner answers.
 *
 * <p>A ticket is sealed with AES-GCM under a key that lives as long as the server, so that nothing
 * is remembered for it but one number in its allocation:
 *
 * <pre>
 *   nonce, 12 bytes │ sealed( allocation, 64 bits │ shard, 32 │ number, 64 )
 * </pre>
 *
 * <p>Safe for threads.
 */
public final class Mobility {

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;
  private static final int PLAIN_BYTES = 8 + 4 + 8;
  private static final int NOBODY = -1;

  /**
   * Messages on their way to one shard. A moved client that sends faster than its owner takes loses
   * datagrams, as it would to a full socket buffer, and not the server's memory.
   */
  private static final int MOST_WAITING = 4096;

  private record Neighbour(ServerActions actions, AtomicInteger waiting) {}

  /**
   * What a ticket says.
   *
   * @param shard who owns the allocation
   * @param number which of the allocation's tickets it is; only the last one moves it
   */
  record Ticket(AllocationId allocation, int shard, long number) {}

  private final List<Neighbour> shards = new CopyOnWriteArrayList<>();
  private final ConcurrentMap<FiveTuple, Integer> owners = new ConcurrentHashMap<>();
  private final SecretKeySpec key;

  Mobility(RandomGenerator random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "AES");
  }

  /** One more shard; its number. */
  synchronized int join(ServerActions actions) {
    shards.add(new Neighbour(actions, new AtomicInteger()));
    return shards.size() - 1;
  }

  /** Hands work to a shard; false if that one has ended, or has too much of it. */
  boolean hand(int shard, ServerActions.Work work) {
    Neighbour neighbour = shards.get(shard);
    boolean taken =
        neighbour.waiting.incrementAndGet() <= MOST_WAITING
            && neighbour.actions.submit((machine, now) -> {
              neighbour.waiting.decrementAndGet();
              work.run(machine, now);
            });
    if (!taken) {
      neighbour.waiting.decrementAndGet();
    }
    return taken;
  }

  /** Whether no client is on another shard than its allocation. */
  boolean isQuiet() {
    return owners.isEmpty();
  }

  /** Which shard owns what a client on {@code path} talks to; {@code self} if no other does. */
  int owner(FiveTuple path, int self) {
    int owner = owners.getOrDefault(path, NOBODY);
    return owner == NOBODY ? self : owner;
  }

  /** Lets all shards know that messages on {@code path} are for {@code owner}. */
  void moved(FiveTuple path, int owner) {
    owners.put(path, owner);
  }

  void forget(FiveTuple path) {
    owners.remove(path);
  }

  /** How many paths lead to another shard than the kernel's. */
  public int size() {
    return owners.size();
  }

  Bytes seal(Ticket ticket, RandomGenerator random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    ByteBuffer plain = ByteBuffer.allocate(PLAIN_BYTES);
    plain.putLong(ticket.allocation().value()).putInt(ticket.shard()).putLong(ticket.number());
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain.array());
      return Bytes.owning(
          ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** What a ticket says, if it is one of ours. */
  Optional<Ticket> open(Bytes ticket) {
    if (ticket.length() != NONCE_BYTES + PLAIN_BYTES + TAG_BITS / 8) {
      return Optional.empty();
    }
    try {
      byte[] plain =
          cipher(Cipher.DECRYPT_MODE, ticket.slice(0, NONCE_BYTES).toArray())
              .doFinal(ticket.from(NONCE_BYTES).toArray());
      ByteBuffer fields = ByteBuffer.wrap(plain);
      return Optional.of(
          new Ticket(new AllocationId(fields.getLong()), fields.getInt(), fields.getLong()));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
