/**
 * The native peer as a library: whatever a program needs to know its NAT, to be found, and to reach
 * another peer through both NATs by an encrypted connection.
 *
 * <pre>
 *   discovery    what the own NAT does          nat's machine on sockets
 *   signaling    the server's WebSocket         frames in, frames out
 *   ice          ICE with anybody's agent       traversal.ice's machine on sockets
 *   path         ways to one peer               traversal's and turn's machines on sockets
 *   tunnel       QUIC over whichever way        kwik on a socket that hides the way
 *   portmapping  asking the router              NAT-PMP, PCP, UPnP
 *   server       where the server is            URIs, DNS
 *   net          one thread, many sockets       the shell of all machines
 * </pre>
 *
 * <p>The machines decide; this is the shell around them. It knows no command line.
 */
@NullMarked
package org.bradawl.agent;

import org.jspecify.annotations.NullMarked;
