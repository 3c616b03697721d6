/**
 * The engine that runs everywhere: plain NIO, one selector thread for each shard.
 *
 * <pre>
 *   a turn of a shard:   select until the earliest deadline ─► read the clock, once
 *                        ─► commands ─► ready sockets, each for a bounded number of datagrams
 *                        ─► machine.advance ─► open and close relay sockets ─► flush streams
 * </pre>
 *
 * <p>Everything a shard owns is touched by its thread alone: its listeners (which share their port
 * with those of the other shards through SO_REUSEPORT, so that the kernel always hands one client
 * to one shard), its connections, its relay sockets and its machine. Others see it through {@code
 * PortableShard.submit} and through the snapshots it publishes.
 *
 * <p>What comes before STUN is peeled off on the way in: a PROXY header, then the first byte where
 * it decides what is spoken, then TLS or DTLS.
 *
 * <pre>
 *   TCP ─► Arrival (proxies, shared ports) ─► StreamClient ─► StreamWire: plain, prefixed, TLS
 *   UDP ─► ProxyEntrance ─► DtlsSessions ─► machine
 * </pre>
 *
 * <p>The costly steps of handshakes are taken on other threads, and come back as commands.
 *
 * <p>What NIO costs: a system call for each datagram, and for a datagram from another source than
 * the one before on that socket, a socket address of a hundred bytes that dies young. Nothing else
 * is allocated for a relayed packet; addresses are translated by caches of a fixed size.
 */
@NullMarked
package org.bradawl.datapath.portable;

import org.jspecify.annotations.NullMarked;
