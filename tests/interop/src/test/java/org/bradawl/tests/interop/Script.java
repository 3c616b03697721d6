package org.bradawl.tests.interop;

import java.util.List;

/**
 * A talk with a server.
 *
 * @param allocates whether it begins with an allocation
 */
record Script(String name, boolean allocates, List<Line> lines) {

  /** One datagram, made for a talk: with its nonce and realm, which must differ. */
  interface Line {
    byte[] of(Talk talk);
  }

  @Override
  public String toString() {
    return name;
  }
}
