/** Peers that were seen, as stored. */
@NullMarked
package org.bradawl.server.peers.entity;

import org.jspecify.annotations.NullMarked;
