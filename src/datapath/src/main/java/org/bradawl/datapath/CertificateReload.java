package org.bradawl.datapath;

/** What looking at the certificate files again led to. Sessions keep what they began with. */
public sealed interface CertificateReload {

  /** The files are as they were, or TLS is not served. */
  record Unchanged() implements CertificateReload {}

  /**
   * New handshakes use what the files hold now.
   *
   * @param description names and expiry, for a log or an administrator
   */
  record Replaced(String description) implements CertificateReload {}

  /**
   * The files cannot be used; what was served before is served on.
   *
   * @param problem which file, what is wrong with it and what to do
   */
  record Refused(String problem) implements CertificateReload {}
}
