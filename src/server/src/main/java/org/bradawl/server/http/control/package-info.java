/** Pages of long lists: which one is wanted, and the cursor that leads to the next. */
@NullMarked
package org.bradawl.server.http.control;

import org.jspecify.annotations.NullMarked;
