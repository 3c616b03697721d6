package org.bradawl.server.traversals.control;

/** One way that was tried, in order. */
public record AttemptRecord(
    int ordinal,
    String kind,
    String local,
    String remote,
    String outcome,
    long millis,
    String detail,
    String transport,
    long startedMillis) {}
