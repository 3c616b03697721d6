/**
 * The relay against programs that nobody here wrote: coturn's test tools, each in its own process,
 * talking over loopback to a relay in its own process. What counts is what those programs say.
 */
@NullMarked
package org.bradawl.tests.interop;

import org.jspecify.annotations.NullMarked;
