/** Breaks rules on purpose, to show that they can fail. */
@NullMarked
package org.bradawl.tests.architecture.violations.datapath.linux;

import org.jspecify.annotations.NullMarked;
