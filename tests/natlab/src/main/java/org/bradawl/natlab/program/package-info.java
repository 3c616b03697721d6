/**
 * The programs of the lab: the project's server and relay, its agents, and those of others that
 * serve as a control. Each runs as a process of its own in the namespace it belongs to.
 */
@NullMarked
package org.bradawl.natlab.program;

import org.jspecify.annotations.NullMarked;
