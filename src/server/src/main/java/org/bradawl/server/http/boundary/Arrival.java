package org.bradawl.server.http.boundary;

import org.bradawl.server.credentials.control.Reached;

/**
 * Where a request comes from and by which name it reached us, a trusted proxy in between or not.
 *
 * @param client the client's address without a port
 * @param reached the name and the local address that the client used; behind a proxy the local
 *     address is not known, because it is the proxy that the client's connection ended at
 */
public record Arrival(String client, Reached reached) {}
