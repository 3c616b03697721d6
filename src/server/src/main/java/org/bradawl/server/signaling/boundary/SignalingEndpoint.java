package org.bradawl.server.signaling.boundary;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bradawl.server.applications.control.KeysRevoked;
import org.bradawl.server.applications.control.KnownKeys;
import org.bradawl.server.credentials.control.Admission;
import org.bradawl.server.credentials.control.IceServerSource;
import org.bradawl.server.credentials.control.Refusal;
import org.bradawl.server.signaling.control.Hall;
import org.bradawl.server.signaling.control.Halls;
import org.bradawl.server.signaling.control.SendFailures;
import org.bradawl.server.signaling.control.TraversalReports;
import org.bradawl.server.traversals.control.Brokerage;
import org.bradawl.signaling.Attachment;
import org.bradawl.signaling.Closing;
import org.bradawl.signaling.IceServers;
import org.bradawl.signaling.ServerFrames;

/** The shell between the container's WebSocket sessions and the {@link Hall}s. */
@ApplicationScoped
public class SignalingEndpoint extends Endpoint {

  /** Where it is. */
  public static final String PATH = "/signal/v1";

  /** What it speaks. */
  public static final String SUBPROTOCOL = "bradawl.v1";

  /**
   * Never: silence is found by looking, once for all. See deploy/payara/signaling.md for what it
   * costs there.
   */
  private static final long NO_IDLE_TIMEOUT = -1;

  private static final long FAREWELL_POLL_MILLIS = 10;

  private static final System.Logger LOG = System.getLogger(SignalingEndpoint.class.getName());

  @Inject private Halls halls;
  @Inject private IceServerSource iceServers;
  @Inject private TraversalReports reports;
  @Inject private Brokerage brokerage;
  @Inject private KnownKeys keys;
  @Inject private SendFailures failures;
  @Resource private ManagedExecutorService executor;

  private final Map<String, Conversation> conversations = new ConcurrentHashMap<>();

  @Override
  public void onOpen(Session socket, EndpointConfig config) {
    socket.setMaxIdleTimeout(NO_IDLE_TIMEOUT);
    // Of a message in several frames; one in a single frame is measured by the conversation.
    socket.setMaxTextMessageBufferSize(halls.limits().frame());
    SocketOutlet outlet = new SocketOutlet(socket, halls.limits(), executor, failures);
    Optional<Closing> refusal = refusal(socket);
    if (refusal.isPresent()) {
      refuse(outlet, refusal.get());
    } else if (socket.getUserPrincipal() instanceof Caller caller
        && caller.admission() instanceof Admission.Admitted admitted) {
      admit(socket, outlet, caller, admitted);
    }
  }

  private void admit(
      Session socket, SocketOutlet outlet, Caller caller, Admission.Admitted admitted) {
    Hall hall = halls.of(admitted.application());
    IceServers servers = iceServers(caller, admitted);
    Conversation conversation =
        new Conversation(
            hall,
            outlet,
            reports,
            brokerage,
            caller.visitor(),
            () -> iceServers(caller, admitted),
            admitted.key(),
            halls.limits());
    socket.addMessageHandler(String.class, conversation);
    socket.addMessageHandler(
        ByteBuffer.class,
        (MessageHandler.Whole<ByteBuffer>) bytes -> conversation.drop(Closing.BINARY_FRAME));
    Optional<Attachment> attachment =
        hall.connect(outlet, admitted.peer(), caller.visitor(), caller.resumption(), servers);
    attachment.ifPresent(place -> {
      conversation.attach(place);
      conversations.put(socket.getId(), conversation);
      if (!keys.lives(new KnownKeys.KnownKey(admitted.key(), admitted.application()))) {
        conversation.drop(Closing.UNAUTHORIZED); // revoked on the way in
      }
    });
  }

  private IceServers iceServers(Caller caller, Admission.Admitted admitted) {
    var minted = iceServers.iceServers(admitted, caller.reached());
    return new IceServers(minted.listAsJson(), Math.toIntExact(minted.ttl()));
  }

  private static Optional<Closing> refusal(Session socket) {
    if (!SUBPROTOCOL.equals(socket.getNegotiatedSubprotocol())) {
      return Optional.of(Closing.UNSUPPORTED);
    }
    if (socket.getUserPrincipal() instanceof Caller caller) {
      return switch (caller.admission()) {
        case Admission.Admitted _ -> Optional.empty();
        case Admission.Refused refused ->
            Optional.of(
                refused.refusal() == Refusal.INVALID_PEER
                    ? Closing.UNSUPPORTED
                    : Closing.UNAUTHORIZED);
      };
    }
    return Optional.of(Closing.UNAUTHORIZED);
  }

  private static void refuse(SocketOutlet outlet, Closing why) {
    outlet.send(ServerFrames.closing(why));
    outlet.close(why);
    outlet.flush();
  }

  @Override
  public void onClose(Session socket, CloseReason reason) {
    Conversation conversation = conversations.remove(socket.getId());
    if (conversation == null) {
      return;
    }
    // RFC 6455 §7.4.1: a browser says "going away" when it leaves the page, and the resume secret
    // goes with the page.
    if (reason.getCloseCode() == CloseReason.CloseCodes.GOING_AWAY) {
      conversation.left();
    } else {
      conversation.lost();
    }
  }

  @Override
  public void onError(Session socket, Throwable problem) {
    LOG.log(Level.DEBUG, "a signaling connection failed", problem);
  }

  /** Those who came in with a key that is no more have to go. */
  void keysChanged(@Observes KeysRevoked revoked) {
    conversations.values().stream()
        .filter(conversation -> revoked.keys().contains(conversation.key()))
        .forEach(conversation -> conversation.drop(Closing.UNAUTHORIZED));
  }

  /** Drops the clients that do not read. */
  void dropTheStuck(long nowNanos, long patienceNanos) {
    conversations.values().forEach(c -> c.dropIfStuck(nowNanos, patienceNanos));
  }

  /** Waits until everybody's last frames are written, but no longer than this. */
  void awaitFarewell(long millis) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!conversations.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FAREWELL_POLL_MILLIS));
    }
  }
}
