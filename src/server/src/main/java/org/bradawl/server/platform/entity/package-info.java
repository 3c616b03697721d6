/** What the platform itself stores: secrets and the audit of admin actions. */
@NullMarked
package org.bradawl.server.platform.entity;

import org.jspecify.annotations.NullMarked;
