/**
 * Where the container meets the server: start and stop, readiness, and the root of the REST API.
 */
@NullMarked
package org.bradawl.server.platform.boundary;

import org.jspecify.annotations.NullMarked;
