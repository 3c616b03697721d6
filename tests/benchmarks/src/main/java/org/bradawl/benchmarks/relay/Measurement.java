package org.bradawl.benchmarks.relay;

/**
 * One run of one cell on one server.
 *
 * @param perSecond packets relayed, requests answered or allocations made a second
 * @param cpuMicros of the server for each of them, user and system
 * @param cpuShare of one core that the server used
 * @param loss share of the packets that did not arrive, from 0 to 1
 * @param p50 round trip, or one way, in µs
 * @param p99 the same
 * @param kilobytes resident memory for each allocation; NaN where it is not the question
 * @param generatorShare of one core that the generator used; near 1, it was the limit
 */
record Measurement(
    double perSecond,
    double cpuMicros,
    double cpuShare,
    double loss,
    double p50,
    double p99,
    double kilobytes,
    double generatorShare) {}
