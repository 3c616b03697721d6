package org.bradawl.datapath.secure;

/** Why a certificate or key cannot be used. Says what to do, and never what is in a key file. */
public final class IdentityProblem extends Exception {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  IdentityProblem(String problem, String remedy) {
    super(problem);
    this.remedy = remedy;
  }

  IdentityProblem(String problem, String remedy, Throwable cause) {
    super(problem, cause);
    this.remedy = remedy;
  }

  /** What to do about it, as a sentence. */
  public String remedy() {
    return remedy;
  }

  /** What is wrong, as a clause that follows the name of a key or a file. */
  public String problem() {
    return String.valueOf(getMessage());
  }
}
