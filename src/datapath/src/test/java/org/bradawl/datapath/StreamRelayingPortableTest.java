package org.bradawl.datapath;

import org.bradawl.datapath.portable.PortableEngine;

class StreamRelayingPortableTest extends StreamRelayingContract {

  private final Engine engine = new PortableEngine();

  @Override
  Engine engine() {
    return engine;
  }
}
