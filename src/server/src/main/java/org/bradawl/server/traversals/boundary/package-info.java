/** The REST resources of traversals and of the statistics made of them. */
@NullMarked
package org.bradawl.server.traversals.boundary;

import org.jspecify.annotations.NullMarked;
