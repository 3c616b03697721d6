package org.bradawl.server.platform.control;

/**
 * Fired, and observed synchronously, when the database has its schema and the configured
 * applications, and before anybody is served: components load here what they answer from memory.
 */
public record DatabaseReady() {}
