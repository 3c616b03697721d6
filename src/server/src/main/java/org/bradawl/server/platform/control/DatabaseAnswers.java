package org.bradawl.server.platform.control;

/**
 * Fired every few seconds while the database answers, on a thread that may wait for it: components
 * take a fresh look here at what they answer from memory.
 */
public record DatabaseAnswers() {}
