/**
 * Signaling: how two peers of one application hand each other offers, answers and candidates
 * through the server, in order, each delivered or reported failed. Here are the frames and the
 * machine that deals with them; the outside is described by {@code
 * webapp/protocol/signaling-v1.asyncapi.yaml}.
 *
 * <p>It may not know of WebSockets, threads, clocks or of who issues tokens. Text comes in through
 * {@link org.bradawl.signaling.FrameScanner}, which parses no JSON tree: it checks the syntax,
 * picks the envelope and remembers where the payload lies, so that relaying is one copy:
 *
 * <pre>
 * alice sends  {"type":"offer","to":"bob","seq":5,"data":{…}}      seq: alice's sequence
 * bob gets     {"type":"offer","from":"alice","seq":9,"data":{…}}  seq: the server's sequence to bob
 * bob sends    {"type":"ack","seq":9}
 * alice gets   {"type":"delivered","to":"bob","seq":5}
 * </pre>
 *
 * <p><b>Who may call what.</b> An {@link org.bradawl.signaling.Exchange} holds everything of one
 * application and is not thread-safe: its shell calls it under one lock per exchange. What it wants
 * sent goes to a {@link org.bradawl.signaling.Link} during the call, in the order in which it must
 * reach the socket, so a link only queues; the writing happens after the lock is given back.
 * Exchanges never call each other, and a link never calls back, so that one lock is the only one
 * ever held but for the link's own queue: there is no order to get wrong. Scanning needs no lock
 * and is done before.
 */
@NullMarked
package org.bradawl.signaling;

import org.jspecify.annotations.NullMarked;
