/**
 * The applications that use this server and the keys they prove themselves with. Who is known is
 * answered from memory, so that peers come in while the database is away; the database is where
 * changes are made and kept.
 */
@NullMarked
package org.bradawl.server.applications.control;

import org.jspecify.annotations.NullMarked;
