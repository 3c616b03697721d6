package org.bradawl.tests.architecture.violations.stun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses are values. */
public class InnocentAddress {
  InetSocketAddress of(byte[] bytes) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByAddress(bytes), 3478);
  }
}
