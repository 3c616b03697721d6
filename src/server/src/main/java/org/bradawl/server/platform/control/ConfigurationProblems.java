package org.bradawl.server.platform.control;

import java.util.List;

/** The server cannot start as it is configured. Names every wrong key, never a value. */
public final class ConfigurationProblems extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * All that is wrong.
   *
   * @param problems each a line: the key, what is wrong with it, and what would be right
   */
  public ConfigurationProblems(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Each a line: the key, what is wrong with it, and what would be right. */
  public List<String> problems() {
    return problems;
  }
}
