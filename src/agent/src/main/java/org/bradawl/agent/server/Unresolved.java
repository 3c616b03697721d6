package org.bradawl.agent.server;

import java.io.IOException;

/** DNS has not said what it was asked: something else than that there is nothing. */
public final class Unresolved extends IOException {

  private static final long serialVersionUID = 1;

  private final boolean silence;

  /**
   * What was not answered, in words for people.
   *
   * @param silence whether nothing came at all, for as long as was waited
   */
  public Unresolved(String message, boolean silence) {
    super(message);
    this.silence = silence;
  }

  /** Whether nothing came at all; asking the same server for more costs as long again. */
  public boolean isSilence() {
    return silence;
  }
}
