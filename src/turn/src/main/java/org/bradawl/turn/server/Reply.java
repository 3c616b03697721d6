package org.bradawl.turn.server;

import java.util.List;
import java.util.stream.Stream;
import org.bradawl.stun.attribute.Attribute;

/** What a procedure makes of a request. */
sealed interface Reply {

  /** It is done; these attributes say what came of it. */
  record Success(List<Attribute> attributes) implements Reply {

    /** Copies the list. */
    public Success {
      attributes = List.copyOf(attributes);
    }

    static Success of(Attribute... attributes) {
      return new Success(List.of(attributes));
    }
  }

  /** It is refused. */
  record Failure(Fault fault, List<Attribute> attributes) implements Reply {

    /** Copies the list. */
    public Failure {
      attributes = List.copyOf(attributes);
    }

    /** The same, saying this too. */
    Failure with(Attribute attribute) {
      return new Failure(fault, Stream.concat(attributes.stream(), Stream.of(attribute)).toList());
    }

    static Failure of(Fault fault, Attribute... attributes) {
      return new Failure(fault, List.of(attributes));
    }
  }

  /** It waits for the shell; the answer follows, or went out already. */
  record Later() implements Reply {}
}
