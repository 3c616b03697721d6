package org.bradawl.server.credentials.control;

import org.bradawl.server.applications.control.KnownKeys.KnownKey;

/** Whom a credential belongs to. */
public sealed interface Identity {

  /** The application itself. */
  record ApplicationKey(KnownKey key) implements Identity {}

  /** One peer of an application, for a while. */
  record PeerToken(PeerTokens.Claims claims) implements Identity {}

  /** Nobody whom we know, or nobody now. */
  record Nobody(Admission.Refused why) implements Identity {}
}
