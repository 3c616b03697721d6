/** The record of peers: who was seen, when, and whether they are online. */
@NullMarked
package org.bradawl.server.peers.control;

import org.jspecify.annotations.NullMarked;
