package org.bradawl.stun;

import java.nio.ByteBuffer;

/**
 * Application data on a channel (RFC 8656 §12.4).
 *
 * @param channel the channel number, 0x4000 to 0x7FFE
 * @param data the application's bytes, at most 65535, without padding; a view of the buffer it was
 *     decoded from, valid as long as that
 */
public record ChannelData(int channel, ByteBuffer data) implements Decoded {

  /** The lowest number of a channel. */
  public static final int MIN_CHANNEL = 0x4000;

  /**
   * The highest number of a channel. RFC 8656 §12 stops at 0x4FFF, but clients made for RFC 5766
   * §11 are many, choose up to here, and are told apart by nothing else. Nothing else may start
   * with these bytes either (RFC 7983 §7).
   */
  public static final int MAX_CHANNEL = 0x7FFE;

  /** Rejects a number or a length that cannot be sent. */
  public ChannelData {
    if (!isChannel(channel)) {
      throw new IllegalArgumentException("channels are 0x4000 to 0x7FFE, not " + channel);
    }
    if (data.remaining() > 0xffff) {
      throw new IllegalArgumentException("ChannelData carries at most 65535 bytes");
    }
  }

  /** Whether {@code number} can be a channel's. */
  public static boolean isChannel(int number) {
    return number >= MIN_CHANNEL && number <= MAX_CHANNEL;
  }
}
