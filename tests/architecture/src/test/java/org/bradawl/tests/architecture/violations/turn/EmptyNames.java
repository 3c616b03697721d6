package org.bradawl.tests.architecture.violations.turn;

/** Names that say nothing. */
public class EmptyNames {
  static class PacketManager {}

  static class PacketHelper {}

  static class PacketUtil {}

  static class PacketUtils {}

  static class PacketImpl {}

  static class InnocentImplementation {}
}
