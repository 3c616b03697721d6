package org.bradawl.agent.portmapping;

import java.time.Duration;
import org.bradawl.stun.TransportAddress;

/**
 * A port that a router has opened.
 *
 * @param external where it is seen from outside, as far as the router knows
 * @param lifetime after which the router closes it unless asked again
 */
public record Mapping(TransportAddress external, Duration lifetime) {}
