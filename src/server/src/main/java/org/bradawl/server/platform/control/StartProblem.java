package org.bradawl.server.platform.control;

import java.util.List;

/** The server cannot start, and an operator can do something about it. */
public final class StartProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;

  /**
   * Everything that is wrong.
   *
   * @param lines each names a configuration key, says what is wrong and what to do, and repeats no
   *     secret
   */
  public StartProblem(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  /** One problem, with the failure that showed it; breaks in its line become blanks. */
  public StartProblem(String line, Throwable cause) {
    this(List.of(line.replaceAll("\\R+", " ")));
    initCause(cause);
  }

  /** What to tell the operator, a problem each. */
  public List<String> lines() {
    return lines;
  }
}
