package org.bradawl.tests.architecture.violations.server.peers.boundary;

import jakarta.transaction.Transactional;

/** Begins a transaction where it should. */
@Transactional
public class InnocentResource {}
