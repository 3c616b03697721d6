package org.bradawl.datapath;

import org.bradawl.turn.server.StunTurnServer;

/**
 * One thread of a relay with everything it owns: sockets, a machine and that machine's allocations.
 */
public interface Shard extends Runnable {

  /** Something to do on the shard's thread. */
  interface Command {
    void run(StunTurnServer machine, long now);
  }

  /** The name for its thread. */
  String name();

  /** Hands a command to the shard's thread; false if that has ended, and the command never runs. */
  boolean submit(Command command);

  /** What the shard last published. */
  DatapathStatistics statistics();

  /** Ends every allocation and then the loop; a {@link Command}. */
  void stop(StunTurnServer machine, long now);

  /** Gives back what the shard holds, when the start failed and its thread never ran. */
  void abandon();

  /** Runs until it is stopped, and closes everything. */
  @Override
  void run();
}
