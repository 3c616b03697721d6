/** The REST resources that peers and applications themselves use: tokens and ICE servers. */
@NullMarked
package org.bradawl.server.credentials.boundary;

import org.jspecify.annotations.NullMarked;
