/** The running relay and the record of its sessions. */
@NullMarked
package org.bradawl.server.allocations.control;

import org.jspecify.annotations.NullMarked;
