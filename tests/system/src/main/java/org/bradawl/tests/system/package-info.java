/**
 * The WAR on Payara Micro, started once for all classes and spoken to through its front door as its
 * users do: over HTTP and STUN, on the loopback interface, knowing none of its classes.
 */
@NullMarked
package org.bradawl.tests.system;

import org.jspecify.annotations.NullMarked;
