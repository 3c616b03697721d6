/**
 * The lab: NATs as the Linux kernel makes them, in network namespaces of this machine, with the
 * project's real server and real agents around them. It shows what the simulation can only model.
 *
 * <p>A NAT is specified in the words of the simulation ({@link
 * org.bradawl.simulation.NatSpecification}), so that one specification is both modelled there and
 * built here. Everything happens in namespaces whose names begin with {@code bradawl-} and the id
 * of the process that made them; they are removed when it ends, however it ends, or by the next
 * run.
 *
 * <p>It may know every module of the project and the programs of the machine; nothing may know it.
 */
@NullMarked
package org.bradawl.natlab;

import org.jspecify.annotations.NullMarked;
