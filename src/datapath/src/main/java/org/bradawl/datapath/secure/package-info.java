/**
 * Who this server says it is: certificates and keys from PEM files, which of them a client is shown
 * (SNI), and the contexts of TLS and DTLS made from them.
 *
 * <pre>
 *   PEM files ──► IdentityFiles ──► Identities ──► a context for TLS, credentials for DTLS
 *      ▲ looked at again and again by Certificates; a file that is broken leaves what was there
 * </pre>
 *
 * <p>Nothing here knows a socket, a shard or STUN. The engines ask {@code SecureTransports} for
 * what is current when a handshake begins; a session keeps what it began with.
 */
@NullMarked
package org.bradawl.datapath.secure;

import org.jspecify.annotations.NullMarked;
