/**
 * Network namespaces and the programs {@code ip} and {@code nft}: made, configured, entered and
 * removed. It knows nothing of NATs, servers or agents.
 */
@NullMarked
package org.bradawl.natlab.net;

import org.jspecify.annotations.NullMarked;
