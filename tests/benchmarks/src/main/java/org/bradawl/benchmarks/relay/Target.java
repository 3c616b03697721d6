package org.bradawl.benchmarks.relay;

import org.bradawl.stun.TransportAddress;

/**
 * Where the load goes.
 *
 * @param address of the server, for UDP
 * @param process whose CPU and memory are read
 */
record Target(TransportAddress address, ProcessHandle process, String user, String password) {}
