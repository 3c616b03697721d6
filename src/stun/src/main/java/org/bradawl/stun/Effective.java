package org.bradawl.stun;

/**
 * Which attributes count, told in the order in which they stand: after MESSAGE-INTEGRITY only
 * MESSAGE-INTEGRITY-SHA256 and FINGERPRINT, after MESSAGE-INTEGRITY-SHA256 only FINGERPRINT (RFC
 * 8489 §14.5 and §14.6). Whoever changes a message on its way could append the rest.
 */
final class Effective {

  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;

  private boolean afterSha1;
  private boolean afterSha256;

  /** Whether an attribute of this type counts if it comes next. */
  boolean admits(int type) {
    boolean admitted =
        switch (type) {
          case Decoder.FINGERPRINT -> true;
          case MESSAGE_INTEGRITY_SHA256 -> !afterSha256;
          default -> !afterSha1 && !afterSha256;
        };
    afterSha1 |= type == MESSAGE_INTEGRITY;
    afterSha256 |= type == MESSAGE_INTEGRITY_SHA256;
    return admitted;
  }
}
