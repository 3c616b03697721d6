/** The record of what peers found out about their NATs, with its age and evidence. */
@NullMarked
package org.bradawl.server.profiles.control;

import org.jspecify.annotations.NullMarked;
