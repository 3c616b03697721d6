package org.bradawl.datapath;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.bradawl.turn.auth.CredentialSource;

/**
 * A way to run the shards: what differs is how packets get from the kernel to the machine and back,
 * never what happens to them.
 */
public interface Engine {

  /** What {@code bradawl.engine} calls it. */
  String name();

  /** Why this machine does not let it run; empty if it does. */
  Optional<String> obstacle();

  /**
   * Binds every socket and starts the shards. When it returns, clients are served; when it throws,
   * no socket is open and no thread runs.
   *
   * @param credentials asked on shard threads: must answer from memory
   * @param threads makes one platform thread for each shard, and one more when a DNS name has to be
   *     resolved again and again
   * @param observer told of allocations, on shard threads
   * @throws ConfigurationProblem if an address or port cannot be used, naming key and remedy
   */
  Datapath start(
      DatapathSettings settings,
      CredentialSource credentials,
      ThreadFactory threads,
      RelayObserver observer);
}
