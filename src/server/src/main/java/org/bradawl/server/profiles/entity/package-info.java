/** NAT profiles, as stored. */
@NullMarked
package org.bradawl.server.profiles.entity;

import org.jspecify.annotations.NullMarked;
