/**
 * What becomes of connections whose way changes under them: from the relay to a direct way, back
 * when that is cut, and from one network to another. {@link
 * org.bradawl.natlab.moving.TransferProgram} is an agent that sends a lot and times what arrives;
 * it runs as a process of its own.
 */
@NullMarked
package org.bradawl.natlab.moving;

import org.jspecify.annotations.NullMarked;
