package org.bradawl.server.traversals.control;

/**
 * How often, on one day, a method ended so between two kinds of NATs.
 *
 * @param day days since 1970
 */
public record Lesson(
    String initiatorKind,
    String responderKind,
    String method,
    String transport,
    String outcome,
    int day,
    long count) {}
