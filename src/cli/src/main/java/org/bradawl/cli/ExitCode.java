package org.bradawl.cli;

import org.bradawl.agent.AgentException;

/** What a command ends with, for scripts. */
enum ExitCode {
  DONE(0),
  FAILED(1),
  WRONG_USE(2),
  UNREACHABLE(3),
  REFUSED(4);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static ExitCode of(AgentException.Kind kind) {
    return switch (kind) {
      case FAILED -> FAILED;
      case WRONG_USE -> WRONG_USE;
      case UNREACHABLE -> UNREACHABLE;
      case REFUSED -> REFUSED;
    };
  }
}
