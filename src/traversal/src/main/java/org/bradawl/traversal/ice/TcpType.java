package org.bradawl.traversal.ice;

import java.util.Arrays;
import java.util.Optional;

/** How an endpoint takes part in making a TCP connection (RFC 6544 §4.1). */
public enum TcpType {
  /** It connects. */
  ACTIVE("active", 6),
  /** It is connected to. */
  PASSIVE("passive", 4),
  /** Both at once. */
  SIMULTANEOUS_OPEN("so", 2);

  /** RFC 6544 §4.5: what an active endpoint is advertised with, since it listens nowhere. */
  public static final int DISCARD_PORT = 9;

  private final String word;
  private final int preference;

  TcpType(String word, int preference) {
    this.word = word;
    this.preference = preference;
  }

  /** The type with this word. */
  public static Optional<TcpType> of(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }

  /** The word of RFC 6544 §4.5. */
  public String word() {
    return word;
  }

  /** RFC 6544 §4.2: the direction's preference among host candidates, of 3 bits. */
  public int preference() {
    return preference;
  }

  /** What the other end must be. */
  public TcpType counterpart() {
    return switch (this) {
      case ACTIVE -> PASSIVE;
      case PASSIVE -> ACTIVE;
      case SIMULTANEOUS_OPEN -> SIMULTANEOUS_OPEN;
    };
  }
}
