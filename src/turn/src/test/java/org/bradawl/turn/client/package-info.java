/** Tests of the client. */
@NullMarked
package org.bradawl.turn.client;

import org.jspecify.annotations.NullMarked;
