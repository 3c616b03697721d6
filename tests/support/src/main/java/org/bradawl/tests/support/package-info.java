/**
 * What the tests that touch the machine share: saying what they need ({@link
 * org.bradawl.tests.support.Requires}), running other people's programs within a bounded time
 * ({@link org.bradawl.tests.support.Program}), ports nobody holds ({@link
 * org.bradawl.tests.support.FreePorts}), and the whole server as it is deployed ({@link
 * org.bradawl.tests.support.PayaraServer}).
 *
 * <p>It knows nothing of the modules under test but where the build puts them, so that every one of
 * them may use it.
 */
@NullMarked
package org.bradawl.tests.support;

import org.jspecify.annotations.NullMarked;
