package org.bradawl.server.traversals.control;

/** Something that happened during a traversal, with the milliseconds since its beginning. */
public sealed interface TimelineEvent {

  /** When, in milliseconds after the beginning. */
  long atMillis();

  /** A sentence for people. */
  String text();

  /** The traversal began. */
  record Began(String text) implements TimelineEvent {
    @Override
    public long atMillis() {
      return 0;
    }
  }

  /** A way was tried. The record has how long it took; attempts of one traversal overlap. */
  record Attempted(long atMillis, AttemptRecord attempt, String text) implements TimelineEvent {}

  /** The traversal ended, one way or the other. */
  record Ended(long atMillis, boolean connected, String text) implements TimelineEvent {}
}
