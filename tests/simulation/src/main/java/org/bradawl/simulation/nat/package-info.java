/** The project's NAT discovery, run on a modelled host. */
@NullMarked
package org.bradawl.simulation.nat;

import org.jspecify.annotations.NullMarked;
