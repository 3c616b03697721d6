package org.bradawl.server.signaling.boundary;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.bradawl.server.signaling.control.Outlet;
import org.bradawl.server.signaling.control.SendFailures;
import org.bradawl.signaling.Closing;
import org.bradawl.signaling.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one WebSocket: frames wait in a bounded queue while the one before is on its way, so a
 * client that does not read costs its queue and nothing else.
 *
 * <p>Its monitor is a leaf: it is held for moving a frame in or out of the queue, never for a call
 * of the container.
 */
final class SocketOutlet implements Outlet, SendHandler {

  private static final System.Logger LOG = System.getLogger(SocketOutlet.class.getName());

  private static final CloseReason FAILED =
      new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, "a frame could not be sent");

  /**
   * Frames that may wait: everything that a resume sends at once (unacknowledged frames, rooms,
   * watches, deliveries) with as much again.
   */
  private final int maxFrames;

  private final int maxCharacters;
  private final Session socket;
  private final RemoteEndpoint.Async remote;
  private final Executor later;
  private final SendFailures failures;
  private final ArrayDeque<String> queue = new ArrayDeque<>(2);
  private int characters;
  private boolean sending;
  private boolean writing;
  private boolean overflowed;
  private boolean closed;
  private long sendingSinceNanos;
  private boolean condemned;
  private @Nullable Closing closing;
  private @Nullable Throwable failure;

  /**
   * An outlet with nothing in it.
   *
   * @param later goes on with what waits, on another thread
   * @param failures is told of frames that a living socket did not take
   */
  SocketOutlet(Session socket, Limits limits, Executor later, SendFailures failures) {
    this.socket = socket;
    this.later = later;
    this.failures = failures;
    this.remote = socket.getAsyncRemote();
    this.maxFrames = 2 * (limits.queue() + limits.rooms() + limits.watches() + limits.pairs());
    this.maxCharacters = 2 * limits.queueChars();
  }

  @Override
  public synchronized void send(String frame) {
    if (closing != null || overflowed) {
      return;
    }
    if (queue.size() >= maxFrames || characters + frame.length() > maxCharacters) {
      overflowed = true;
      return;
    }
    queue.add(frame);
    characters += frame.length();
  }

  @Override
  public synchronized void close(Closing why) {
    if (closing == null) {
      closing = why;
    }
  }

  /**
   * Whether the client does not read: more has come for it than may wait, or the frame on its way
   * has been there too long.
   */
  synchronized boolean stuck(long nowNanos, long patienceNanos) {
    return !closed && (overflowed || (sending && nowNanos - sendingSinceNanos >= patienceNanos));
  }

  /**
   * Drops what waits, to make room for a last word: it is read if the client still comes round.
   *
   * @return false if that had been tried before
   */
  synchronized boolean condemn() {
    boolean first = !condemned;
    condemned = true;
    overflowed = false;
    queue.clear();
    characters = 0;
    sendingSinceNanos = System.nanoTime();
    return first;
  }

  @Override
  public void flush() {
    for (String next = next(true); next != null; next = next(false)) {
      write(next);
    }
  }

  /** The next frame to write, or null if there is none now or somebody else is writing. */
  private @Nullable String next(boolean starting) {
    Optional<CloseReason> due;
    synchronized (this) {
      if (starting && writing) {
        return null;
      }
      boolean free = !sending && !closed;
      String next = free && failure == null ? queue.pollFirst() : null;
      writing = next != null;
      if (next != null) {
        characters -= next.length();
        sending = true;
        sendingSinceNanos = System.nanoTime();
        return next;
      }
      due = free ? farewell() : Optional.empty();
      closed |= due.isPresent();
    }
    due.ifPresent(this::closeSocket);
    return null;
  }

  private Optional<CloseReason> farewell() {
    if (failure != null) {
      return Optional.of(FAILED);
    }
    return Optional.ofNullable(closing).map(SocketOutlet::reason);
  }

  private void write(String frame) {
    try {
      remote.sendText(frame, this);
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  /**
   * A frame is on its way, or cannot be. Whoever is writing goes on by itself; nobody must call the
   * container from here, which may hold its own locks: Tyrus holds its writer's monitor while it
   * reports a frame that had to wait, and takes that monitor after another lock when a client says
   * goodbye, so that both would wait for each other for good.
   */
  @Override
  public void onResult(SendResult result) {
    boolean goOn;
    synchronized (this) {
      sending = false;
      goOn = !writing;
    }
    if (!result.isOK()) {
      broken(result.getException());
    }
    if (goOn) {
      later();
    }
  }

  private void later() {
    try {
      later.execute(this::flush);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the server stops, and says nothing more", e);
    }
  }

  /**
   * Mostly the socket has closed meanwhile. If it has not, a client must not be left with one that
   * carries nothing any more: the next turn of {@link #flush} closes it, and the client comes back
   * on a new one and resumes.
   */
  private void broken(@Nullable Throwable why) {
    Throwable cause = why == null ? new IllegalStateException("no reason given") : why;
    synchronized (this) {
      sending = false;
      queue.clear();
      characters = 0;
      failure = cause;
      if (closed) {
        return;
      }
    }
    if (socket.isOpen()) {
      failures.happened(cause);
    }
  }

  private synchronized void abandon() {
    queue.clear();
    characters = 0;
    sending = false;
    closed = true;
  }

  /** Closes at once, whatever is queued. */
  void abort(Closing why) {
    abandon();
    closeSocket(reason(why));
  }

  private static CloseReason reason(Closing why) {
    return new CloseReason(CloseReason.CloseCodes.getCloseCode(why.code()), why.wire());
  }

  private void closeSocket(CloseReason why) {
    try {
      socket.close(why);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "a socket could not be closed", e);
    }
  }
}
