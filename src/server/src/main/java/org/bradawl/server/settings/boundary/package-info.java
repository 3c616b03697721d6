/**
 * The configuration, the secret, the users and the drain as REST resources, and their transactions.
 */
@NullMarked
package org.bradawl.server.settings.boundary;

import org.jspecify.annotations.NullMarked;
