/**
 * What every other component stands on: configuration, the database behind one data source, secrets
 * and the queue of records. It knows nothing of HTTP or WebSocket.
 */
@NullMarked
package org.bradawl.server.platform.control;

import org.jspecify.annotations.NullMarked;
