/**
 * What the tests that touch the machine share: saying what they need ({@link
 * org.bradawl.tests.support.Requires}), running other people's programs within a bounded time
 * ({@link org.bradawl.tests.support.Program}), and ports nobody holds ({@link
 * org.bradawl.tests.support.FreePorts}).
 *
 * <p>It knows nothing of the modules under test, so that every one of them may use it.
 */
@NullMarked
package org.bradawl.tests.support;

import org.jspecify.annotations.NullMarked;
