/** Two peers, two NATs: which ways through there are, in which order, and why. */
@NullMarked
package org.bradawl.traversal;

import org.jspecify.annotations.NullMarked;
