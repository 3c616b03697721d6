/** Relay sessions, as stored. */
@NullMarked
package org.bradawl.server.allocations.entity;

import org.jspecify.annotations.NullMarked;
