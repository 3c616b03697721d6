package org.bradawl.agent.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The one thread on which machines live: it waits for sockets, tasks and the earliest alarm. What
 * belongs to a loop is touched on its thread only; others hand in tasks.
 */
public final class EventLoop implements Executor, AutoCloseable {

  /** What a ready channel does. */
  interface Ready {
    void ready(SelectionKey key) throws IOException;
  }

  /** A time at which something wants to be called; set again and again. */
  public final class Alarm {

    private final Runnable task;
    private OptionalLong deadline = OptionalLong.empty();

    private Alarm(Runnable task) {
      this.task = task;
    }

    /** When to call next, in {@link EventLoop#nanos}; empty for never. */
    public void set(OptionalLong newDeadline) {
      deadline = newDeadline;
    }

    /** Calls once after this many nanoseconds. */
    public void in(long nanos) {
      set(OptionalLong.of(nanos() + nanos));
    }

    /** Never calls again. */
    public void remove() {
      set(OptionalLong.empty());
      alarms.remove(this);
    }
  }

  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Machines are put together before their first task runs, while the loop turns already. */
  private final List<Alarm> alarms = new CopyOnWriteArrayList<>();

  private volatile boolean closed;

  /** A loop that runs on a daemon thread of this name. */
  public EventLoop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("the system gives out no selector", e);
    }
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    thread.start();
  }

  /** Monotonic time; the zero is anywhere. */
  public long nanos() {
    return System.nanoTime();
  }

  /** Runs a task on the loop's thread, after those handed in before. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (Thread.currentThread() != thread) {
      selector.wakeup();
    }
  }

  /** Runs a task on the loop's thread; its result comes later. */
  public <T> CompletableFuture<T> ask(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, this);
  }

  /** An alarm that is not set; setting it is for the loop's thread only. */
  public Alarm alarm(Runnable task) {
    Alarm alarm = new Alarm(task);
    alarms.add(alarm);
    return alarm;
  }

  /** Runs a task once after this many nanoseconds; for the loop's thread only. */
  public void after(long nanos, Runnable task) {
    Alarm[] alarm = new Alarm[1];
    alarm[0] =
        alarm(() -> {
          alarm[0].remove();
          task.run();
        });
    alarm[0].in(nanos);
  }

  Selector selector() {
    return selector;
  }

  /** Closes every socket of the loop and ends its thread. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }

  private void run() {
    try {
      while (!closed) {
        long wait = waitMillis();
        if (wait < 0) {
          selector.selectNow(this::ready);
        } else {
          selector.select(this::ready, wait);
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          guarded(task);
        }
        ring();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the selector failed", e);
    } finally {
      closeAll();
    }
  }

  private void ready(SelectionKey key) {
    guarded(() -> {
      try {
        if (key.isValid() && key.attachment() instanceof Ready handler) {
          handler.ready(key);
        }
      } catch (IOException e) {
        key.cancel();
      }
    });
  }

  private void ring() {
    long now = nanos();
    for (Alarm alarm : alarms) {
      if (alarm.deadline.isPresent() && now - alarm.deadline.getAsLong() >= 0) {
        alarm.deadline = OptionalLong.empty();
        guarded(alarm.task);
      }
    }
  }

  /**
   * A broken invariant of one connection is reported and does not end the others; nor does a class
   * that is missing where this is used as a library, and without which one thing does not work.
   */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | LinkageError e) {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  /** How long nothing is due: 0 for ever, as the selector reads it, and negative not at all. */
  private long waitMillis() {
    if (!tasks.isEmpty()) {
      return -1;
    }
    long now = nanos();
    long least = Long.MAX_VALUE;
    for (Alarm alarm : alarms) {
      if (alarm.deadline.isPresent()) {
        least = Math.min(least, alarm.deadline.getAsLong() - now);
      }
    }
    if (least <= 0) {
      return -1;
    }
    return least == Long.MAX_VALUE ? 0 : (least + 999_999) / 1_000_000;
  }

  private void closeAll() {
    for (SelectionKey key : List.copyOf(selector.keys())) {
      try {
        key.channel().close();
      } catch (IOException e) {
        // It is going away all the same.
      }
    }
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the selector does not close", e);
    }
  }
}
