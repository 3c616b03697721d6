package org.bradawl.datapath.portable;

import java.nio.ByteBuffer;

/**
 * What a datagram's bytes say before any key is tried (RFC 6347 §4.1):
 *
 * <pre>
 *   type, 1 │ version, 2 │ epoch, 2 │ sequence, 6 │ length, 2 │ content …   and again
 * </pre>
 */
final class DtlsRecords {

  private static final int HEADER = 13;

  private static final int CHANGE_CIPHER_SPEC = 20;

  private static final int HANDSHAKE = 22;

  private static final int APPLICATION_DATA = 23;

  private static final int CLIENT_HELLO = 1;

  private static final short VERSION_1_2 = (short) 0xFEFD;

  /** The shortest sealed content: 8 of nonce and 16 of tag (RFC 5288 §3). */
  private static final int SHORTEST_SEALED = 24;

  private DtlsRecords() {}

  /** Whether it belongs to a handshake that goes on, if there is one. */
  static boolean ofHandshake(byte[] datagram) {
    return datagram[0] == CHANGE_CIPHER_SPEC || datagram[0] == HANDSHAKE;
  }

  /** Whether it begins with a ClientHello, in the clear. */
  static boolean isHello(byte[] datagram) {
    return datagram.length > HEADER
        && datagram[0] == HANDSHAKE
        && isClear(datagram)
        && datagram[HEADER] == CLIENT_HELLO;
  }

  /** Whether its first record is of the epoch before there are keys. */
  static boolean isClear(byte[] datagram) {
    return datagram.length < HEADER || (datagram[3] == 0 && datagram[4] == 0);
  }

  /**
   * Whether every record has the form of a sealed one. Without its keys nobody can say more; but
   * what lacks even the form must not reach the record layer, which would end the session for it.
   */
  static boolean areSealed(byte[] datagram) {
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    while (bytes.remaining() >= HEADER) {
      int start = bytes.position();
      int type = bytes.get(start);
      int length = bytes.getShort(start + HEADER - 2) & 0xFFFF;
      boolean sealed =
          type >= CHANGE_CIPHER_SPEC
              && type <= APPLICATION_DATA
              && bytes.getShort(start + 1) == VERSION_1_2
              && bytes.getShort(start + 3) != 0
              && length >= SHORTEST_SEALED
              && length <= bytes.remaining() - HEADER;
      if (!sealed) {
        return false;
      }
      bytes.position(start + HEADER + length);
    }
    return !bytes.hasRemaining();
  }
}
