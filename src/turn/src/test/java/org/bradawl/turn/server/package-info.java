/** The machines against tables, recorded actions, a modelled network and hostile input. */
@NullMarked
package org.bradawl.turn.server;

import org.jspecify.annotations.NullMarked;
