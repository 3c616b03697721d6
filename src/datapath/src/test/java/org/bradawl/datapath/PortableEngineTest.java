package org.bradawl.datapath;

import org.bradawl.datapath.portable.PortableEngine;

class PortableEngineTest extends EngineContract {

  @Override
  Engine engine() {
    return new PortableEngine();
  }
}
