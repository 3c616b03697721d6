/**
 * The relay and the agent against what nobody here wrote: coturn's test tools, each in its own
 * process, talking over loopback to a relay in its own process; and ice4j's agent with ours. What
 * counts is what the others say.
 */
@NullMarked
package org.bradawl.tests.interop;

import org.jspecify.annotations.NullMarked;
