/**
 * JSON as a tree of maps, lists, texts, numbers and booleans, which is all that frames and command
 * output need. It is made of the streaming half of Jackson, since the binding half takes longer to
 * load than the rest of a command.
 */
@NullMarked
package org.bradawl.agent.json;

import org.jspecify.annotations.NullMarked;
