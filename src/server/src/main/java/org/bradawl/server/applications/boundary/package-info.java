/** The REST resource of applications and their keys. Keys leave it once, when they are made. */
@NullMarked
package org.bradawl.server.applications.boundary;

import org.jspecify.annotations.NullMarked;
