/** The project's planner and traversal machines, run between two modelled hosts. */
@NullMarked
package org.bradawl.simulation.traversal;

import org.jspecify.annotations.NullMarked;
