package org.bradawl.tests.architecture.violations.turn;

import jakarta.enterprise.context.ApplicationScoped;

/** Lives in a container. */
@ApplicationScoped
public class Contained {}
