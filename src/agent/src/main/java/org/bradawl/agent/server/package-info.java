/**
 * Where a server is: the URIs that name one (RFC 7064, RFC 7065), and from a name to the addresses
 * to try, in order (RFC 5928, RFC 8489 §8). Asking the network for records is one interface; the
 * rules above it are pure.
 */
@NullMarked
package org.bradawl.agent.server;

import org.jspecify.annotations.NullMarked;
