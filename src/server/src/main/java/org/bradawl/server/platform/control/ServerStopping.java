package org.bradawl.server.platform.control;

/**
 * Fired, and observed synchronously, when the stop begins: the relay still runs and records are
 * still taken. An observer tells its clients and returns within two seconds.
 */
public record ServerStopping() {}
