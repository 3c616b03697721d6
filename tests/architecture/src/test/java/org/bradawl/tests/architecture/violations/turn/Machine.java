package org.bradawl.tests.architecture.violations.turn;

/** Something to be known. */
public class Machine {}
