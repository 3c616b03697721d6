package org.bradawl.datapath;

import java.util.Locale;

/** What {@code bradawl.engine} may ask for. */
public enum EngineChoice {
  /** The fastest engine that this machine lets run. */
  AUTO,
  /** The engine that speaks to the Linux kernel directly. */
  LINUX,
  /** Plain NIO, on every system. */
  PORTABLE;

  /** How the configuration writes it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
