/**
 * A modelled internet in virtual time: hosts, address realms, NATs in RFC 4787's terms, and the
 * losses and delays between them.
 *
 * <p>Everything happens on one thread and in one order that follows from the seed alone, so a run
 * that fails is replayed by its seed. Nothing here sleeps, opens a socket or reads a clock. The
 * model judges the machines of the project, so it shares no code with them beyond addresses and the
 * STUN wire format.
 *
 * <pre>
 *   Host ─ Realm (LAN) ─ Nat ─ Realm (carrier) ─ Nat ─ Realm (internet) ─ Host, StunServer
 * </pre>
 *
 * <p>A {@link Realm} is RFC 2663's address realm: inside it an address means one node. What it does
 * not know goes to its gateway, a {@link Nat} or a {@link LinuxRouter}, and from there onward.
 */
@NullMarked
package org.bradawl.simulation;

import org.jspecify.annotations.NullMarked;
