package org.bradawl.datapath;

import org.bradawl.datapath.portable.PortableEngine;

class StreamRelayingTlsPortableTest extends StreamRelayingTlsContract {

  private final Engine engine = new PortableEngine();

  @Override
  Engine engine() {
    return engine;
  }
}
