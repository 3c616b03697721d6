/**
 * The signaling protocol: its frames and its session and room machines, without a WebSocket in
 * sight.
 */
@NullMarked
package org.bradawl.signaling;

import org.jspecify.annotations.NullMarked;
