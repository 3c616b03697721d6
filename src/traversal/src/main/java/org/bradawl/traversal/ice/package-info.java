/**
 * A full ICE agent (RFC 8445, trickling as in RFC 8838, TCP as in RFC 6544) for one data stream of
 * one component: for peers that come without this server's plan and know nothing but a description
 * with candidates.
 *
 * <pre>
 *   a=candidate lines  ──&gt; IceCandidate ──┐
 *   own sockets        ──&gt; LocalCandidate ┴&gt; Candidates ──&gt; CheckList: Pairs, by foundation
 *
 *   IceAgent: what comes in, and what follows from it
 *      Checking   checks that we send, their pace and repetition (Transactions)
 *      Nomination which pair that works is proposed (Role: by whom)
 *      Selection  the pair agreed on, and consent to it
 * </pre>
 *
 * <p>It is pure as everything in {@code traversal} is. Unlike the checks of a planned traversal it
 * sends wherever the peer's candidates point, as ICE wants it; what keeps a lying peer from making
 * use of that is the pace (one new check each 50 ms), the bound on pairs and on candidates, and
 * that no payload leaves before the other end has agreed.
 */
@NullMarked
package org.bradawl.traversal.ice;

import org.jspecify.annotations.NullMarked;
