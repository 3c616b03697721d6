/**
 * What changes while the server runs: keys from the file and from REST, the secret of ephemeral
 * credentials, users; and how the relay is told. A change is read and checked as a whole, as the
 * start's configuration is, before anything of it holds. Nothing here knows HTTP.
 */
@NullMarked
package org.bradawl.server.settings.control;

import org.jspecify.annotations.NullMarked;
