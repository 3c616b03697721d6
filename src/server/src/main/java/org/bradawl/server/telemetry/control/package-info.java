/**
 * What the server counts, as Micrometer meters. The meters read what the components publish anyway,
 * when somebody asks; nothing on a hot path knows of them.
 */
@NullMarked
package org.bradawl.server.telemetry.control;

import org.jspecify.annotations.NullMarked;
