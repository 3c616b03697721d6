/**
 * Whether {@code ./bradawl check} tells the lab's NATs apart, and what a program of others says
 * about the same NATs.
 */
@NullMarked
package org.bradawl.natlab.check;

import org.jspecify.annotations.NullMarked;
