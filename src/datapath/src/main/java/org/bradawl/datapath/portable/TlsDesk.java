package org.bradawl.datapath.portable;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.bradawl.datapath.SecureCounters;
import org.bradawl.datapath.Shard;
import org.bradawl.datapath.ShardDesk;
import org.bradawl.datapath.secure.SecureTransports;

/** What the TLS connections of one shard share. */
final class TlsDesk {

  /** Half of a stream client's input: what is decrypted of it fits there, with room to spare. */
  private static final int INPUT = 32 * 1024;

  /** A server's whole flight with a chain of certificates, or one full record. */
  private static final int OUTPUT = 64 * 1024;

  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT);
  private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT);
  private final ByteBuffer plain = ByteBuffer.allocateDirect(2 * INPUT);
  private final SecureTransports secure;
  private final ShardDesk shard;
  private final SecureCounters counters;

  TlsDesk(SecureTransports secure, ShardDesk shard, SecureCounters counters) {
    this.secure = secure;
    this.shard = shard;
    this.counters = counters;
  }

  /** The buffer that encrypted input is read into, one connection after the other. */
  ByteBuffer input() {
    return input;
  }

  /** Where input is decrypted for readers that have less room. */
  ByteBuffer plain() {
    return plain;
  }

  /** The buffer that output is encrypted into. */
  ByteBuffer output() {
    return output;
  }

  SecureCounters counters() {
    return counters;
  }

  SSLEngine engine() {
    return secure.tlsEngine();
  }

  /**
   * Has the engine's costly steps taken elsewhere.
   *
   * @param done runs on the shard's thread afterwards
   * @return false if too much is to be done already
   */
  boolean run(SSLEngine engine, Shard.Command done) {
    return secure
        .desk()
        .offer(() -> {
          for (Runnable task = engine.getDelegatedTask();
              task != null;
              task = engine.getDelegatedTask()) {
            task.run();
          }
          shard.submit(done);
        });
  }
}
