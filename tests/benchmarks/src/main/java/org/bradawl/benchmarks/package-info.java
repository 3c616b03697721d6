/** What the benchmarks share. Each has a package of its own, which knows nothing of the others. */
@NullMarked
package org.bradawl.benchmarks;

import org.jspecify.annotations.NullMarked;
