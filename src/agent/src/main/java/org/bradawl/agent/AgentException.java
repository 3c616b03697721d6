package org.bradawl.agent;

/** Something that the agent was asked for and cannot do, in words for people. */
public final class AgentException extends Exception {

  private static final long serialVersionUID = 1;

  /** Who or what is in the way. */
  public enum Kind {
    /** It was tried and did not work. */
    FAILED,
    /** What was asked for makes no sense. */
    WRONG_USE,
    /** The server does not answer. */
    UNREACHABLE,
    /** The server answers, and refuses the credentials. */
    REFUSED
  }

  private final Kind kind;

  /** A problem with its reason. */
  public AgentException(Kind kind, String reason) {
    super(reason);
    this.kind = kind;
  }

  /** A problem with its reason and cause. */
  public AgentException(Kind kind, String reason, Throwable cause) {
    super(reason, cause);
    this.kind = kind;
  }

  /** Who or what is in the way. */
  public Kind kind() {
    return kind;
  }
}
