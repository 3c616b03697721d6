/**
 * Asking the router to open a UDP port: PCP (RFC 6887), NAT-PMP (RFC 6886) and UPnP's Internet
 * Gateway Device, in this order, since the first two are one round trip. What a router agreed to is
 * renewed while it is needed and taken back afterwards.
 *
 * <p>A conversation with the router is a sequence of questions, so it is written as one, on a
 * thread of its own. Nothing here knows what the port is for.
 */
@NullMarked
package org.bradawl.agent.portmapping;

import org.jspecify.annotations.NullMarked;
