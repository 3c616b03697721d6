/** Breaks rules on purpose, to show that they can fail. */
@NullMarked
package org.bradawl.tests.architecture.violations.agent;

import org.jspecify.annotations.NullMarked;
