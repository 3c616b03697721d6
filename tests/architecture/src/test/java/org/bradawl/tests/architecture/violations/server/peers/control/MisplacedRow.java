package org.bradawl.tests.architecture.violations.server.peers.control;

import jakarta.persistence.Embeddable;

/** A part of a row where nobody looks for it. */
@Embeddable
public class MisplacedRow {}
