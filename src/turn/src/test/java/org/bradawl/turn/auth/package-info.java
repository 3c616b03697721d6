/** Credentials and nonces, with the time as an argument. */
@NullMarked
package org.bradawl.turn.auth;

import org.jspecify.annotations.NullMarked;
