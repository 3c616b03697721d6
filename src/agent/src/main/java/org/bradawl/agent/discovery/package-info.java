/**
 * What the own NAT does: {@code nat}'s machines on real sockets, and the words for what they found.
 * It judges nothing itself.
 */
@NullMarked
package org.bradawl.agent.discovery;

import org.jspecify.annotations.NullMarked;
