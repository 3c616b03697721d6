/**
 * Shards, listeners and relay sockets: the thin shell that gives the machines of {@code
 * org.bradawl.turn} a network.
 */
@NullMarked
package org.bradawl.datapath;

import org.jspecify.annotations.NullMarked;
