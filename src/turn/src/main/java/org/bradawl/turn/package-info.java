/**
 * The STUN and TURN servers as pure machines: input and time in, actions out. They know no socket,
 * thread, clock or logging.
 *
 * <p>{@link org.bradawl.turn.server} holds the machine of one shard and what the shards share;
 * {@link org.bradawl.turn.auth} decides who a request comes from.
 */
@NullMarked
package org.bradawl.turn;

import org.jspecify.annotations.NullMarked;
