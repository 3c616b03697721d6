/**
 * Two peers, two NATs: which ways through there are, in which order, and why; and the machines that
 * go those ways.
 *
 * <pre>
 *   Peer, Peer, History, Policy ──&gt; Planner ──&gt; Plan: Steps, each with a Task for either side
 *   Task ──&gt; Traversal (one side) ──&gt; Checks over UDP, StreamChecks over TCP ──&gt; Outcome
 *   Plan, Outcomes ──&gt; Explanation
 * </pre>
 *
 * <p>Everything here is pure: no socket, thread, clock, logging or chance of its own. It knows STUN
 * messages and NAT reports. It does not know how peers talk to each other before they are connected
 * (a {@link org.bradawl.traversal.Preparation} is a value that somebody carries across), nor what
 * they send once they are.
 *
 * <p>Nothing is ever sent to an address that the server has not seen the peer at, except to private
 * addresses of a peer that the server sees at our own public address; see {@link
 * org.bradawl.traversal.Targets}. All probing goes through one bounded rate; see {@link
 * org.bradawl.traversal.Checks}.
 */
@NullMarked
package org.bradawl.traversal;

import org.jspecify.annotations.NullMarked;
