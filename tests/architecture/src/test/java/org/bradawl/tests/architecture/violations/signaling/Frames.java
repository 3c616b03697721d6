package org.bradawl.tests.architecture.violations.signaling;

import org.bradawl.tests.architecture.violations.stun.Codec;

/** Signaling does not need the wire format of STUN. */
public class Frames {
  Codec codec = new Codec();
}
