/** The record of how peers got through to each other, and what was tried. */
@NullMarked
package org.bradawl.server.traversals.control;

import org.jspecify.annotations.NullMarked;
