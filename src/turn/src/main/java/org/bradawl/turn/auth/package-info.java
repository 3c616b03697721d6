/**
 * Long-term credentials (RFC 8489 §9.2): where keys come from, and nonces that need no memory.
 *
 * <p>It decides who a request comes from, never what that one may do. Calendar time comes in as an
 * argument; secrets and randomness are handed in. Passwords are turned into keys at the edge and
 * not kept.
 */
@NullMarked
package org.bradawl.turn.auth;

import org.jspecify.annotations.NullMarked;
