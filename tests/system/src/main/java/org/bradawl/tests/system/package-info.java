/**
 * The server from outside, on the loopback interface and knowing none of its classes: the WAR on
 * Payara Micro, started once for all classes that speak to it over HTTP and STUN as its users do,
 * and whole lives of servers, started and stopped by the launcher as their operators do.
 */
@NullMarked
package org.bradawl.tests.system;

import org.jspecify.annotations.NullMarked;
