/** TURN users as REST resources, and their transactions. A password comes in and never goes out. */
@NullMarked
package org.bradawl.server.users.boundary;

import org.jspecify.annotations.NullMarked;
