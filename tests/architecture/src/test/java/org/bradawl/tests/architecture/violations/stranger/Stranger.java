package org.bradawl.tests.architecture.violations.stranger;

/** Of a module that is not on the map, in a package without package-info. */
public class Stranger {}
