/**
 * The STUN and TURN wire formats: bytes to values and back, and nothing else.
 *
 * <p>{@link org.bradawl.stun.Decoder} turns a datagram into one of the cases of {@link
 * org.bradawl.stun.Decoded}; whatever the network sends is a value, never an exception. {@link
 * org.bradawl.stun.Encoder} is the way back. {@link org.bradawl.stun.StreamDecoder} finds the
 * messages in a TCP stream first. {@link org.bradawl.stun.Wire} is the one class that reads and
 * writes single fields in place, for paths that must not allocate.
 *
 * <p>A STUN message (RFC 8489 §5); before RFC 5389 there was no cookie and the transaction id had
 * 128 bits:
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---+---------------------------+-------------------------------+
 * |0 0|     type: method, class   | length of what follows byte 20|
 * +---+---------------------------+-------------------------------+
 * |                   magic cookie 0x2112A442                     |
 * +---------------------------------------------------------------+
 * |                   transaction id, 96 bits                     |
 * |                                                               |
 * |                                                               |
 * +-------------------------------+-------------------------------+
 * |        attribute type         |   length of the value alone   |
 * +-------------------------------+-------------------------------+
 * |        value, then 0 to 3 bytes of padding               ...  |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * <p>ChannelData (RFC 8656 §12.4); padded to four bytes on streams only:
 *
 * <pre>
 * +-------------------------------+-------------------------------+
 * |  channel, 0x4000 to 0x7FFE    |     length of the data        |
 * +-------------------------------+-------------------------------+
 * |        data                                              ...  |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The package knows no socket, thread, clock, randomness or logging, and nothing of what a
 * server or client does with a message.
 */
@NullMarked
package org.bradawl.stun;

import org.jspecify.annotations.NullMarked;
