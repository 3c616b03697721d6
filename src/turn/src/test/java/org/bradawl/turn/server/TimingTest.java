package org.bradawl.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bradawl.turn.server.Bench.ALICE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bradawl.stun.Method;
import org.bradawl.stun.attribute.Nonce;
import org.bradawl.stun.attribute.RequestedTransport;
import org.junit.jupiter.api.Test;

/** Who measures the answers learns nothing of who exists. */
class TimingTest {

  /** The fastest of many batches: what else the machine does only makes a batch slower. */
  private static final int BATCHES = 40;

  private static final int BATCH = 200;

  /** Wide for a busy machine; a lookup left out, or an HMAC, would be several times as much. */
  private static final double MOST = 1.6;

  private final Bench bench = new Bench();

  @Test
  void anUnknownUserTakesAsLongAsAWrongPassword() {
    List<ByteBuffer> wrong = requests("alice");
    List<ByteBuffer> unknown = requests("nobody-of-that-name".substring(0, 5));
    measure(wrong);
    measure(unknown);
    double fastestWrong = Double.MAX_VALUE;
    double fastestUnknown = Double.MAX_VALUE;
    for (int i = 0; i < BATCHES; i++) {
      fastestWrong = Math.min(fastestWrong, measure(wrong));
      fastestUnknown = Math.min(fastestUnknown, measure(unknown));
    }
    assertThat(fastestUnknown / fastestWrong).isBetween(1 / MOST, MOST);
  }

  private List<ByteBuffer> requests(String user) {
    Nonce nonce = bench.nonce(ALICE);
    List<ByteBuffer> requests = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      requests.add(
          bench.signed(
              ALICE,
              user,
              "guess",
              nonce,
              Method.Known.ALLOCATE,
              new RequestedTransport(RequestedTransport.UDP)));
    }
    return requests;
  }

  private double measure(List<ByteBuffer> requests) {
    long start = System.nanoTime();
    for (ByteBuffer request : requests) {
      bench.server.fromClient(ALICE, request.duplicate(), bench.now);
    }
    long nanos = System.nanoTime() - start;
    bench.shell.take();
    return nanos;
  }
}
