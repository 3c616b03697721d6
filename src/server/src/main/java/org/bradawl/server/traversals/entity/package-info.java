/** Traversals and their attempts, as stored. */
@NullMarked
package org.bradawl.server.traversals.entity;

import org.jspecify.annotations.NullMarked;
