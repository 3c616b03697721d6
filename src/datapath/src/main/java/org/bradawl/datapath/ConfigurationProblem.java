package org.bradawl.datapath;

/**
 * A configuration the relay cannot start with. It names the key and what to do, and never repeats
 * the value, which may be a secret.
 */
public final class ConfigurationProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String key;
  private final String remedy;

  /**
   * Describes one wrong value.
   *
   * @param key the configuration key, such as {@code bradawl.listen.port}
   * @param problem what is wrong, as a clause that follows the key: "is no port"
   * @param remedy what would be right, as a sentence
   */
  public ConfigurationProblem(String key, String problem, String remedy) {
    super(key + " " + problem + ". " + remedy);
    this.key = key;
    this.remedy = remedy;
  }

  /** The same with the failure that showed it. */
  public ConfigurationProblem(String key, String problem, String remedy, Throwable cause) {
    this(key, problem, remedy);
    initCause(cause);
  }

  /** The key whose value is wrong. */
  public String key() {
    return key;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }
}
