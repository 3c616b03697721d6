package org.bradawl.benchmarks.signaling;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a server's protocol looks like to the generator. */
interface Protocol {

  /**
   * Digits that the generator rewrites in every message; leading zeros, for they are inside a
   * string.
   */
  int DIGITS = 16;

  /** Marks the digits inside a message: when it was sent and its number, in that order. */
  String MARK = "a=x-ts:";

  /** The request target of the peer with this number. */
  String target(int peer);

  /** Whether this frame says that the peer is registered. */
  boolean registered(byte[] frame, int from, int to);

  /**
   * An offer to that peer. Where a sequence number belongs there are {@link #sequenceDigits}
   * spaces.
   */
  String offer(int to, String sdp);

  /** How many spaces follow {@code "seq":}; 0 if messages have no number. */
  int sequenceDigits();

  /** The number of a message that wants to be acknowledged, or 0. */
  long numberOf(byte[] frame, int from, int to);

  /** The frame that acknowledges everything up to a number. */
  String acknowledgement(long number);

  /**
   * Whether a peer waits with its acknowledgement for its next message, which has {@link
   * #sequenceDigits} spaces for it.
   */
  boolean acknowledgesWithNext();

  /** How many messages this frame confirms to the peer so far, or -1 if it is no confirmation. */
  long confirmed(byte[] frame, int from, int to);

  /** A sign of life. */
  String heartbeat();

  /** An identifier as long as those of browsers. */
  static String id(int peer) {
    return String.format(Locale.ROOT, "%08d-5163-4c0a-9d1e-0a1b2c3d4e5f", peer);
  }

  /** The first place of a text in a part of a frame, or -1. */
  static int find(byte[] frame, int from, int to, byte[] text) {
    int last = to - text.length;
    for (int i = from; i <= last; i++) {
      int k = 0;
      while (k < text.length && frame[i + k] == text[k]) {
        k++;
      }
      if (k == text.length) {
        return i;
      }
    }
    return -1;
  }

  /** Reads digits up to the first other character. */
  static long digits(byte[] frame, int from) {
    long value = 0;
    for (int i = from; frame[i] >= '0' && frame[i] <= '9'; i++) {
      value = value * 10 + frame[i] - '0';
    }
    return value;
  }

  /** Bradawl's own protocol: every message is acknowledged, and confirmed to its sender. */
  final class Bradawl implements Protocol {
    private static final byte[] WELCOME = ascii("\"type\":\"welcome\"");
    private static final byte[] DELIVERED = ascii("{\"type\":\"delivered\"");
    private static final byte[] SEQ = ascii("\"seq\":");
    private static final int HEAD = 160;
    private final String key;
    private final boolean withNext;

    /**
     * Speaks with this application key.
     *
     * @param withNext acknowledge with the next message, not by a frame for each
     */
    Bradawl(String key, boolean withNext) {
      this.key = key;
      this.withNext = withNext;
    }

    @Override
    public String target(int peer) {
      return "/signal/v1?token=" + key + "&peer=" + id(peer);
    }

    @Override
    public boolean registered(byte[] frame, int from, int to) {
      return find(frame, from, to, WELCOME) >= 0;
    }

    @Override
    public String offer(int to, String sdp) {
      return "{\"type\":\"offer\",\"to\":\""
          + id(to)
          + "\",\"seq\":"
          + " ".repeat(sequenceDigits())
          + (withNext ? ",\"ack\":" + " ".repeat(sequenceDigits()) : "")
          + ",\"data\":{\"type\":\"offer\",\"sdp\":\""
          + sdp
          + "\"}}";
    }

    @Override
    public int sequenceDigits() {
      return 12;
    }

    @Override
    public long numberOf(byte[] frame, int from, int to) {
      int seq = find(frame, from, Math.min(to, from + HEAD), SEQ);
      return seq < 0 ? 0 : digits(frame, seq + SEQ.length);
    }

    @Override
    public String acknowledgement(long number) {
      return "{\"type\":\"ack\",\"seq\":" + number + "}";
    }

    @Override
    public boolean acknowledgesWithNext() {
      return withNext;
    }

    @Override
    public long confirmed(byte[] frame, int from, int to) {
      if (find(frame, from, Math.min(to, from + DELIVERED.length), DELIVERED) < 0) {
        return -1;
      }
      return digits(frame, find(frame, from, to, SEQ) + SEQ.length);
    }

    @Override
    public String heartbeat() {
      return "{\"type\":\"ping\"}";
    }
  }

  /** PeerServer's protocol, which acknowledges nothing. */
  final class PeerJs implements Protocol {
    private static final byte[] OPEN = ascii("\"type\":\"OPEN\"");

    @Override
    public String target(int peer) {
      return "/peerjs?key=peerjs&id=" + id(peer) + "&token=t" + peer + "&version=1.5.5";
    }

    @Override
    public boolean registered(byte[] frame, int from, int to) {
      return find(frame, from, to, OPEN) >= 0;
    }

    @Override
    public String offer(int to, String sdp) {
      return "{\"type\":\"OFFER\",\"payload\":{\"sdp\":{\"type\":\"offer\",\"sdp\":\""
          + sdp
          + "\"},\"type\":\"data\",\"connectionId\":\"dc_abcdefghijk\",\"label\":\"dc_abcdefghijk\","
          + "\"reliable\":false,\"serialization\":\"binary\"},\"dst\":\""
          + id(to)
          + "\"}";
    }

    @Override
    public int sequenceDigits() {
      return 0;
    }

    @Override
    public long numberOf(byte[] frame, int from, int to) {
      return 0;
    }

    @Override
    public String acknowledgement(long number) {
      throw new IllegalStateException("nothing is acknowledged");
    }

    @Override
    public boolean acknowledgesWithNext() {
      return false;
    }

    @Override
    public long confirmed(byte[] frame, int from, int to) {
      return -1;
    }

    @Override
    public String heartbeat() {
      return "{\"type\":\"HEARTBEAT\"}";
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
