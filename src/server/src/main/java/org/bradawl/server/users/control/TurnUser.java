package org.bradawl.server.users.control;

import java.time.Instant;

/** A user without its keys. */
public record TurnUser(String name, String realm, Instant created, Instant changed) {}
