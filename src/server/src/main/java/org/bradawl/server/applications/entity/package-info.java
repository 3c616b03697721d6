/** Applications and the hashes of their keys, as stored. */
@NullMarked
package org.bradawl.server.applications.entity;

import org.jspecify.annotations.NullMarked;
