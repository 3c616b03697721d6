/**
 * One thread and its sockets: datagrams, framed streams and deadlines for machines that have none
 * of their own. It knows addresses and bytes, and nothing of what they are for.
 */
@NullMarked
package org.bradawl.agent.net;

import org.jspecify.annotations.NullMarked;
