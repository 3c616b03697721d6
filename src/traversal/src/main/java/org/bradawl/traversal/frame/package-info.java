/**
 * What a native peer and the server tell each other about a traversal, as values and as trees of
 * names, texts, numbers and lists; {@code webapp/protocol/native-peers.md} shows how they go
 * together. Both ends use the same code in both directions.
 *
 * <pre>
 *   JSON library ──&gt; tree ──&gt; {@link org.bradawl.traversal.frame.FromPeer}   ──&gt; the server
 *   JSON library ──&gt; tree ──&gt; {@link org.bradawl.traversal.frame.FromServer} ──&gt; the peer
 * </pre>
 *
 * <p>It does not know JSON, nor how frames travel. What was read here has the right shape; whether
 * it is true is not asked here.
 */
@NullMarked
package org.bradawl.traversal.frame;

import org.jspecify.annotations.NullMarked;
