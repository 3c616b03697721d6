/**
 * The agent's commands: options in, lines out, an exit code. Everything that does something is in
 * the agent.
 */
@NullMarked
package org.bradawl.cli;

import org.jspecify.annotations.NullMarked;
