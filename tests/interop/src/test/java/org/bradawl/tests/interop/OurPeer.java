package org.bradawl.tests.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bradawl.agent.ice.IceSession;
import org.bradawl.agent.ice.IceSettings;
import org.bradawl.traversal.ice.IceAgent;

/** A peer whose ICE is ours. */
final class OurPeer implements IceSession.Listener, AutoCloseable {

  private static final int PATIENCE_SECONDS = 10;

  final IceSession session;
  private final List<String> candidates = new ArrayList<>();
  private volatile CompletableFuture<List<String>> gathered = new CompletableFuture<>();
  private volatile CompletableFuture<IceAgent.Selected> selected = new CompletableFuture<>();
  private final CompletableFuture<IceAgent.Failure> failed = new CompletableFuture<>();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  OurPeer(IceSettings settings) throws IOException {
    session = IceSession.open(settings, this);
  }

  List<String> candidates() throws Exception {
    return gathered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  IceAgent.Selected selected() throws Exception {
    return selected.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** RFC 7675 gives it 30 seconds. */
  IceAgent.Failure failed() throws Exception {
    return failed.get(31, TimeUnit.SECONDS);
  }

  /** Begins again; candidates and selection are new ones from now on. */
  void restart() {
    candidates.clear();
    gathered = new CompletableFuture<>();
    selected = new CompletableFuture<>();
    session.restart();
  }

  void send(String text) {
    session.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  String receive() throws Exception {
    String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return text == null ? "nothing" : text;
  }

  @Override
  public void candidate(String line) {
    candidates.add(line);
  }

  @Override
  public void gathered() {
    gathered.complete(List.copyOf(candidates));
  }

  @Override
  public void selected(IceAgent.Selected pair) {
    selected.complete(pair);
  }

  @Override
  public void failed(IceAgent.Failure why) {
    failed.complete(why);
  }

  @Override
  public void received(ByteBuffer payload) {
    received.add(StandardCharsets.UTF_8.decode(payload).toString());
  }

  @Override
  public void close() {
    session.close();
  }
}
