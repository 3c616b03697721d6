/** TURN users that are kept in the database, by the keys made of their passwords. */
@NullMarked
package org.bradawl.server.users.control;

import org.jspecify.annotations.NullMarked;
