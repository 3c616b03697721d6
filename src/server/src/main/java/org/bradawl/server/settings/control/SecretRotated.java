package org.bradawl.server.settings.control;

/** Fired, and observed synchronously, when other secrets are good than before. */
record SecretRotated(TurnSecrets.Ring last, TurnSecrets.Ring next) {}
