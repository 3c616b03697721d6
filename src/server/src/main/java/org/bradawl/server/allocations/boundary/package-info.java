/** The REST resources of relay sessions: those that live, those that ended, and their sums. */
@NullMarked
package org.bradawl.server.allocations.boundary;

import org.jspecify.annotations.NullMarked;
