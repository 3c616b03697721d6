package org.bradawl.nat;

import org.bradawl.stun.TransportAddress;

/**
 * A mapping that a NAT made: the socket's port, what the server saw, and the place in line.
 *
 * @param order how many requests that could have made a mapping were sent before
 * @param ordered whether the first transmission was answered, so that {@code order} is certain; the
 *     mapping of a request that had to be repeated was made nobody knows when
 */
public record PortSample(
    int localPort, TransportAddress remote, TransportAddress mapped, int order, boolean ordered) {}
