/**
 * An internet in the lab: its core with the server's addresses, routers with a NAT in them, and
 * hosts behind those. {@link org.bradawl.natlab.world.KernelRules} turns a NAT's specification into
 * what {@code nft} loads.
 *
 * <pre>
 *                      internet: 44.1.0.1, 44.1.0.2 (server), 44.1.0.3, 44.1.0.4 (control)
 *        44.0.0.1 |              | 44.0.0.1
 *        44.2.0.1 |              | 44.2.0.2       every link is a veth pair and a host route
 *              router          router             (carrier: 100.64.0.x inside)
 *     192.168.1.1 |              | 192.168.2.1
 *     192.168.1.2 |              | 192.168.2.2
 *               host            host
 * </pre>
 *
 * <p>It knows nothing of the programs that run there.
 */
@NullMarked
package org.bradawl.natlab.world;

import org.jspecify.annotations.NullMarked;
