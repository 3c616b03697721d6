/**
 * What every REST resource shares: problems as RFC 9457 wants them, pages, the guard of the admin
 * API, and the rule for other origins. It knows no business component; those know it.
 */
@NullMarked
package org.bradawl.server.http.boundary;

import org.jspecify.annotations.NullMarked;
