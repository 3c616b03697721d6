/**
 * The WAR inside Payara Micro: tests that are deployed with it and injected with the server's own
 * beans, for what only the container can show.
 */
@NullMarked
package org.bradawl.tests.inside;

import org.jspecify.annotations.NullMarked;
