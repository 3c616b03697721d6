package org.bradawl.datapath.linux;

import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.FiveTuple.Transport;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.bradawl.turn.server.RelayId;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of a shard, known to the kernel by its descriptor and to the shard by its number.
 */
sealed interface UdpSocket {

  int number();

  int fd();

  /** How many datagrams or runs to ask for at once, in this turn of the loop. */
  int budget(long turn);

  /** Says how many there were in this turn, so that the next budget fits. */
  void received(int count, long turn);

  /**
   * Takes what the kernel says it dropped since the socket was opened, and returns how many of
   * these are new.
   */
  int newlyDropped(int soFar);

  /** A local address that clients send to. */
  final class Listener implements UdpSocket {

    /** A busy listener always has more; at some µs a packet, the others wait half a millisecond. */
    private static final int BUDGET = 64;

    /** Paths kept ready; a newcomer takes the place of whoever was there. */
    private static final int PATHS = 8192;

    private final int number;
    private final int fd;
    private final TransportAddress local;
    private final @Nullable FiveTuple[] paths = new FiveTuple[PATHS];
    private int dropped;

    Listener(int number, int fd, TransportAddress local) {
      this.number = number;
      this.fd = fd;
      this.local = local;
    }

    TransportAddress local() {
      return local;
    }

    /** The path of a client, the same object while the client stays known. */
    FiveTuple path(TransportAddress client) {
      long mixed = (client.address().low() * 31 + client.port()) * 0x9E3779B97F4A7C15L;
      int place = (int) (mixed >>> 51);
      FiveTuple known = paths[place];
      if (known != null && known.client().equals(client)) {
        return known;
      }
      FiveTuple fresh = new FiveTuple(Transport.UDP, local, client);
      paths[place] = fresh;
      return fresh;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public int fd() {
      return fd;
    }

    @Override
    public int budget(long turn) {
      return BUDGET;
    }

    @Override
    public void received(int count, long turn) {}

    @Override
    public int newlyDropped(int soFar) {
      int fresh = soFar - dropped;
      dropped = soFar;
      return fresh;
    }
  }

  /** The socket of one relayed transport address. */
  final class Relay implements UdpSocket {

    private static final int MOST = 64;

    private final int number;
    private final int fd;
    private final RelayId id;
    private final IpAddress.Family family;
    private boolean prepared;
    private int budget = 1;

    /** The last turn in which there was as much as the budget. */
    private long full;

    private int dropped;

    Relay(int number, int fd, RelayId id, IpAddress.Family family) {
      this.number = number;
      this.fd = fd;
      this.id = id;
      this.family = family;
    }

    IpAddress.Family family() {
      return family;
    }

    /** Whether it has all its options. */
    boolean isPrepared() {
      return prepared;
    }

    void prepared() {
      prepared = true;
    }

    RelayId id() {
      return id;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public int fd() {
      return fd;
    }

    /**
     * Doubles when the socket is ready again right after a full read, for then it had more; halves
     * when little comes. So a sparse socket is not asked in vain after each datagram, and what a
     * busy one got at once is not torn apart.
     */
    @Override
    public int budget(long turn) {
      if (full == turn - 1 && budget < MOST) {
        budget *= 2;
      }
      return budget;
    }

    @Override
    public void received(int count, long turn) {
      if (count >= budget) {
        full = turn;
      } else if (budget > 1 && (count <= 1 || 4 * count <= budget)) {
        budget /= 2;
      }
    }

    @Override
    public int newlyDropped(int soFar) {
      int fresh = soFar - dropped;
      dropped = soFar;
      return fresh;
    }
  }
}
