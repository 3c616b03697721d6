package org.bradawl.datapath.portable;

import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import org.bradawl.turn.server.DataConnectionId;

/**
 * A client's connection that has become the client's half of a data connection (RFC 6062 §5.4), on
 * its way to the shard that has the peer's half. No selector has it meanwhile.
 *
 * @param unsent what the client is still owed, the answer to its request last
 * @param behind what the client sent behind its request
 */
record BoundClient(
    DataConnectionId id,
    SelectableChannel channel,
    StreamWire wire,
    ByteBuffer unsent,
    ByteBuffer behind) {}
