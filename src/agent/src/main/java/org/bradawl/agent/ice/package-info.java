/**
 * ICE with any other agent: {@code traversal.ice}'s machine on sockets. An application that has a
 * description of a peer from somewhere (an offer in SDP, an XMPP jingle, a file) connects with it,
 * without this project's server and without a plan.
 *
 * <pre>
 *   IceSession ──&gt; IceAgent (the machine)
 *     ├── Gathering     host, server-reflexive and relayed candidates
 *     └── End           one socket each: UdpEnd, TcpEnd (a listener or what connects), RelayEnd
 * </pre>
 *
 * <p>It knows no signaling and nothing about what is sent once there is a pair.
 */
@NullMarked
package org.bradawl.agent.ice;

import org.jspecify.annotations.NullMarked;
