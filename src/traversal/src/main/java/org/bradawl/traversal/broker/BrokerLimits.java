package org.bradawl.traversal.broker;

import java.time.Duration;

/**
 * What one peer may ask for, and how long the server waits.
 *
 * @param meetings traversals a peer may take part in at a time
 * @param asked how many of them it may have asked for
 * @param connectBurst connect requests at once
 * @param connectInterval one more after each of these
 * @param invitation how long an invited peer may take to answer
 * @param away how long a peer whose connection is lost is waited for
 * @param silence after how long an invited peer that does not even echo is said to be silent
 * @param overdue how long after the last step both may be silent
 * @param secondOpinion how long after one side's end the other's is waited for
 * @param memory how long an ended traversal is remembered, for peers that come back
 * @param retries how long a failure makes the next plan another one
 */
public record BrokerLimits(
    int meetings,
    int asked,
    int connectBurst,
    Duration connectInterval,
    Duration invitation,
    Duration away,
    Duration silence,
    Duration overdue,
    Duration secondOpinion,
    Duration memory,
    Duration retries) {

  /**
   * The limits unless configured otherwise. Ten seconds span a phone that wakes up. An agent that
   * lost its connection tries again after a quarter, a half, one and two seconds, so one that is
   * not back after five has no network. An echo takes a second over the worst of lines. The memory
   * is as long as a session waits for its connection. After ten minutes a household's NAT has
   * forgotten what was tried.
   */
  public static final BrokerLimits DEFAULT =
      new BrokerLimits(
          8,
          4,
          10,
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10));
}
