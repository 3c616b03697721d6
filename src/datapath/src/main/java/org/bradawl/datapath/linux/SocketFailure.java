package org.bradawl.datapath.linux;

import org.bradawl.stun.TransportAddress;

/** A listener cannot be bound. */
final class SocketFailure extends Exception {

  private static final long serialVersionUID = 1;

  private final transient TransportAddress address;
  private final int errno;

  SocketFailure(TransportAddress address, int errno) {
    super("errno " + errno + " at " + address);
    this.address = address;
    this.errno = errno;
  }

  TransportAddress address() {
    return address;
  }

  int errno() {
    return errno;
  }
}
