package org.bradawl.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.bradawl.stun.IpAddress;
import org.bradawl.traversal.Credentials;
import org.bradawl.traversal.Side;
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

  /** Without a server, on 127.0.0.1. */
  static IceSettings loopback(Side side) {
    return IceSettings.of(side).on(List.of(IpAddress.parse("127.0.0.1")));
  }

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

  boolean hasFailed() {
    return failed.isDone();
  }

  /** Begins again; candidates and selection are new ones from now on. */
  Credentials restart() {
    candidates.clear();
    gathered = new CompletableFuture<>();
    selected = new CompletableFuture<>();
    return session.restart();
  }

  /** Both learn each other's credentials, and nothing else. */
  void introduce(Ice4jPeer theirs) {
    session.peer(theirs.credentials());
    theirs.peer(session.credentials());
  }

  /** Tells ice4j this side's candidates, and lets it begin. */
  void tell(Ice4jPeer theirs) throws Exception {
    candidates().forEach(theirs::remote);
    theirs.start();
  }

  void hear(Ice4jPeer theirs) {
    theirs.candidates().forEach(session::remote);
  }

  /** All of it at once: both know each other's credentials and candidates, and begin. */
  void describe(Ice4jPeer theirs) throws Exception {
    introduce(theirs);
    tell(theirs);
    hear(theirs);
    session.allRemote();
  }

  /** Waits until both have chosen a pair, and has each hear the other over it. */
  void talk(Ice4jPeer theirs) throws Exception {
    selected();
    theirs.selected();
    send("from ours");
    assertThat(theirs.receive()).isEqualTo("from ours");
    theirs.send("from ice4j");
    assertThat(receive()).isEqualTo("from ice4j");
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
