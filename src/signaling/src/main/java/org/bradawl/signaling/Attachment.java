package org.bradawl.signaling;

/**
 * A connection let in: ties a link to its session. The shell keeps it and hands it back with
 * everything that comes from that connection; once the session has moved to another connection,
 * what comes from the older one is of no effect.
 */
public final class Attachment {

  private final Session session;
  private final Link link;

  Attachment(Session session, Link link) {
    this.session = session;
    this.link = link;
  }

  Session session() {
    return session;
  }

  Link link() {
    return link;
  }

  boolean current() {
    return session.attachment() == this;
  }

  /** The identifier of the session; not a secret. */
  public String sessionId() {
    return session.id();
  }

  /** The peer on this connection. */
  public String peer() {
    return session.peer();
  }
}
