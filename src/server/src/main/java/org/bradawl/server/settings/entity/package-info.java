/** The row of a setting. Nothing but the store beside it may know it. */
@NullMarked
package org.bradawl.server.settings.entity;

import org.jspecify.annotations.NullMarked;
