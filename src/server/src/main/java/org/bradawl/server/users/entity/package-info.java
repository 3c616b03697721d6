/** The row of a TURN user. Nothing but the store beside it may know it. */
@NullMarked
package org.bradawl.server.users.entity;

import org.jspecify.annotations.NullMarked;
