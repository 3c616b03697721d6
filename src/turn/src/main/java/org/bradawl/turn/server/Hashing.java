package org.bradawl.turn.server;

/** The hash of the tables on the relaying path: primitives in, primitives out. */
final class Hashing {

  private Hashing() {}

  /** David Stafford's mix 13, as SplittableRandom uses it: every input bit reaches every output. */
  static long mix(long bits) {
    long z = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  static int fold(long bits) {
    return (int) (bits ^ bits >>> 32);
  }
}
