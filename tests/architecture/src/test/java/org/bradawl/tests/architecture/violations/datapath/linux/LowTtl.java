package org.bradawl.tests.architecture.violations.datapath.linux;

/** What peers may use. */
public class LowTtl {}
