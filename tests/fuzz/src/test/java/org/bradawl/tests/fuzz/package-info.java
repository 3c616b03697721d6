/** Runs the fuzzer. */
@NullMarked
package org.bradawl.tests.fuzz;

import org.jspecify.annotations.NullMarked;
