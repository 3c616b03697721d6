/** The REST resource of peers: a thin door in front of the record. */
@NullMarked
package org.bradawl.server.peers.boundary;

import org.jspecify.annotations.NullMarked;
