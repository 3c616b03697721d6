/**
 * The STUN and TURN wire formats.
 *
 * <p>This package turns bytes into values and back. It knows no socket, thread, clock, randomness
 * or logging, and nothing of what a server or client does with a message.
 */
@NullMarked
package org.bradawl.stun;

import org.jspecify.annotations.NullMarked;
