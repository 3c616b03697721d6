package org.bradawl.server.signaling.boundary;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import org.bradawl.server.signaling.control.Outlet;
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

  /**
   * Frames that may wait: everything that a resume sends at once (unacknowledged frames, rooms,
   * watches, deliveries) with as much again.
   */
  private final int maxFrames;

  private final int maxCharacters;
  private final Session socket;
  private final RemoteEndpoint.Async remote;
  private final ArrayDeque<String> queue = new ArrayDeque<>(2);
  private int characters;
  private boolean sending;
  private boolean writing;
  private boolean overflowed;
  private boolean closed;
  private long sendingSinceNanos;
  private boolean condemned;
  private @Nullable Closing closing;

  SocketOutlet(Session socket, Limits limits) {
    this.socket = socket;
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
    Closing due;
    synchronized (this) {
      if (starting && writing) {
        return null;
      }
      String next = sending || closed ? null : queue.pollFirst();
      writing = next != null;
      if (next != null) {
        characters -= next.length();
        sending = true;
        sendingSinceNanos = System.nanoTime();
        return next;
      }
      due = sending || closed ? null : closing;
      closed |= due != null;
    }
    if (due != null) {
      closeSocket(due);
    }
    return null;
  }

  private void write(String frame) {
    try {
      remote.sendText(frame, this);
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  @Override
  public void onResult(SendResult result) {
    if (!result.isOK()) {
      broken(result.getException());
      return;
    }
    boolean resume;
    synchronized (this) {
      sending = false;
      resume = !writing;
    }
    if (resume) {
      flush();
    }
  }

  /**
   * Mostly the socket has closed meanwhile. If it has not, a client must not be left with one that
   * carries nothing any more: it comes back on a new one and resumes.
   */
  private void broken(@Nullable Throwable why) {
    LOG.log(Level.DEBUG, "a frame could not be sent", why);
    abandon();
    closeSocket(CloseReason.CloseCodes.UNEXPECTED_CONDITION, "a frame could not be sent");
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
    closeSocket(why);
  }

  private void closeSocket(Closing why) {
    closeSocket(CloseReason.CloseCodes.getCloseCode(why.code()), why.wire());
  }

  private void closeSocket(CloseReason.CloseCode code, String why) {
    try {
      socket.close(new CloseReason(code, why));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "a socket could not be closed", e);
    }
  }
}
