/** Breaks rules on purpose, to show that they can fail. */
@NullMarked
package org.bradawl.tests.architecture.violations.turn;

import org.jspecify.annotations.NullMarked;
