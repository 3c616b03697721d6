/** The REST resource of NAT profiles: a thin door in front of the record. */
@NullMarked
package org.bradawl.server.profiles.boundary;

import org.jspecify.annotations.NullMarked;
