package org.bradawl.signaling;

import java.time.Duration;

/**
 * What one application's peers may use.
 *
 * @param frame characters in one frame
 * @param rate frames a second and peer, sustained
 * @param burst frames at once
 * @param rooms rooms a peer may be in
 * @param roomPeers peers in one room
 * @param watches peers a peer may watch
 * @param queue frames kept for one peer until it acknowledges them
 * @param queueChars the same in characters
 * @param totalChars characters kept for all peers together
 * @param pairs peers for which a session remembers what was delivered, to repeat it after a resume
 * @param peers peers connected or away
 * @param heartbeat how long a client may be silent
 * @param silence after how much silence it is dropped
 * @param unacknowledged how long a connected client may leave a frame unacknowledged
 * @param resume how long a session outlives its connection
 */
public record Limits(
    int frame,
    int rate,
    int burst,
    int rooms,
    int roomPeers,
    int watches,
    int queue,
    int queueChars,
    long totalChars,
    int pairs,
    int peers,
    Duration heartbeat,
    Duration silence,
    Duration unacknowledged,
    Duration resume) {

  /**
   * The limits unless configured otherwise. A browser's offer with all its codecs is 3 to 10 kB,
   * trickled candidates come in bursts of some dozens, and one call needs fewer than a hundred
   * frames: these leave room for data of the application's. Carrier NATs and proxies drop idle TCP
   * connections after 30 s at the earliest, hence a heartbeat of 25 s; two may be lost before a
   * client counts as silent. Two minutes span a walk from Wi-Fi to mobile and a laptop's short
   * sleep.
   */
  public static final Limits DEFAULT =
      new Limits(
          65_536,
          100,
          400,
          32,
          256,
          256,
          512,
          1 << 20,
          128L << 20,
          1_024,
          100_000,
          Duration.ofSeconds(25),
          Duration.ofMillis(62_500),
          Duration.ofSeconds(60),
          Duration.ofMinutes(2));

  public Limits {
    atLeast("frame", frame, 1_024);
    atLeast("rate", rate, 1);
    atLeast("burst", burst, 1);
    atLeast("rooms", rooms, 0);
    atLeast("roomPeers", roomPeers, 2);
    atLeast("watches", watches, 0);
    atLeast("queue", queue, 1);
    atLeast("queueChars", queueChars, frame);
    atLeast("totalChars", totalChars, queueChars);
    atLeast("pairs", pairs, 1);
    atLeast("peers", peers, 1);
    atLeast("heartbeat in seconds", heartbeat.toSeconds(), 1);
    atLeast("silence in seconds", silence.toSeconds(), heartbeat.toSeconds());
    atLeast("unacknowledged in seconds", unacknowledged.toSeconds(), 1);
    atLeast("resume in seconds", resume.toSeconds(), 0);
  }

  private static void atLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " is " + value + ", and must be at least " + least);
    }
  }
}
