/**
 * The attributes of STUN, TURN, ICE and their extensions: for each a record that cannot hold what
 * cannot be sent, and beside it one codec for both directions. {@link
 * org.bradawl.stun.attribute.AttributeTable} is the whole list.
 *
 * <p>The package knows single attributes; how they follow one another in a message, and what
 * protects them, is for {@code org.bradawl.stun}.
 */
@NullMarked
package org.bradawl.stun.attribute;

import org.jspecify.annotations.NullMarked;
