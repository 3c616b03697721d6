package org.bradawl.nat;

import java.time.Duration;
import java.util.Optional;
import org.bradawl.stun.TransportAddress;

/**
 * One test of a discovery as it went.
 *
 * @param test what was tested
 * @param local the socket it was sent from
 * @param sentTo where the requests went
 * @param attempts how many requests were sent
 * @param answers how many of them were answered
 * @param answeredBy where the first answer came from
 * @param mapped the endpoint that the first answer says the request came from
 * @param roundTrip of the first answer
 */
public record Evidence(
    String test,
    TransportAddress local,
    TransportAddress sentTo,
    int attempts,
    int answers,
    Optional<TransportAddress> answeredBy,
    Optional<TransportAddress> mapped,
    Optional<Duration> roundTrip) {}
