package org.bradawl.natlab.world;

import org.bradawl.natlab.net.Namespace;

/** A machine that programs run on, with one address. */
public final class Host implements AutoCloseable {

  private final Namespace namespace;
  private Link.Attachment attachment;

  private Host(Namespace namespace, Link.Attachment attachment) {
    this.namespace = namespace;
    this.attachment = attachment;
  }

  static Host behind(Link link, String name) {
    Namespace namespace = Namespace.create(name);
    return new Host(namespace, link.attach(namespace));
  }

  /** Where its programs run. */
  public Namespace namespace() {
    return namespace;
  }

  /** Its own address. */
  public String address() {
    return attachment.address();
  }

  /** The router's address towards it. */
  public String gateway() {
    return attachment.gateway();
  }

  /** Leaves the network it is in, as who switches the Wi-Fi off does. */
  public void unplug() {
    namespace.ip("link del wan");
  }

  /** Comes into another network, after it has left the one it was in. */
  public void plugInto(Link link) {
    attachment = link.attach(namespace);
  }

  @Override
  public void close() {
    namespace.close();
  }
}
