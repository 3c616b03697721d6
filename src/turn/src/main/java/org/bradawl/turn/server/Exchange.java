package org.bradawl.turn.server;

import java.util.Optional;
import org.bradawl.stun.Encoder;
import org.bradawl.stun.FiveTuple;
import org.bradawl.stun.StunMessage;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.Fingerprint;
import org.bradawl.stun.attribute.UnknownAttribute;

/** A request and where it came from. */
record Exchange(FiveTuple path, StunMessage request) {

  <A extends Attribute> Optional<A> first(Class<A> kind) {
    return request.first(kind);
  }

  /** The first attribute of a type that is in no table. */
  Optional<UnknownAttribute> unknown(int type) {
    for (UnknownAttribute attribute : request.all(UnknownAttribute.class)) {
      if (attribute.type() == type) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }

  boolean has(Class<? extends Attribute> kind) {
    return request.has(kind);
  }

  /** Without integrity; with FINGERPRINT if the client uses it (RFC 8489 §7). */
  Encoder plain() {
    return has(Fingerprint.class) ? Encoder.PLAIN.fingerprinted() : Encoder.PLAIN;
  }

  /** Whether both are transmissions of one request. */
  boolean isAlso(Exchange other) {
    return path.equals(other.path)
        && request.method().equals(other.request.method())
        && request.transactionId().equals(other.request.transactionId());
  }
}
