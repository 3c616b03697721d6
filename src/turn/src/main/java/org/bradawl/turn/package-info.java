/**
 * The STUN and TURN servers as pure machines: input and time in, actions out. They know no socket,
 * thread, clock or logging.
 */
@NullMarked
package org.bradawl.turn;

import org.jspecify.annotations.NullMarked;
