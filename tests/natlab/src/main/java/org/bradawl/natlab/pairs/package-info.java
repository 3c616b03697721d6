/**
 * How every two NATs get together: running agents behind real NATs, a real server between them, and
 * the time from the wish to connect to the first byte of an application. {@link
 * org.bradawl.natlab.pairs.PeerProgram} is the agent; it runs as a process of its own.
 */
@NullMarked
package org.bradawl.natlab.pairs;

import org.jspecify.annotations.NullMarked;
