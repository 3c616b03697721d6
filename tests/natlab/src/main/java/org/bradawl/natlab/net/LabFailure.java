package org.bradawl.natlab.net;

/** The lab itself does not work: a program of the machine is missing or refuses. */
public final class LabFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** A failure in words for people. */
  public LabFailure(String message) {
    super(message);
  }

  /** A failure with what caused it. */
  public LabFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
