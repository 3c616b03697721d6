/** Where operators look: health, metrics, and the record of admin actions. */
@NullMarked
package org.bradawl.server.telemetry.boundary;

import org.jspecify.annotations.NullMarked;
