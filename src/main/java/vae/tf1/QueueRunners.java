package vae.tf1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.proto.QueueRunnerDef;

/**
 * The threads that keep a graph's queues filled, and their clean stop: {@code
 * tf.train.start_queue_runners} and {@code tf.train.Coordinator}. Where one fails all stop, and who
 * waits for a batch is told that the queue is closed.
 */
public final class QueueRunners implements AutoCloseable {
  private final Session session;
  private final List<QueueRunnerDef> runners;
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;

  private QueueRunners(Session session, List<QueueRunnerDef> runners) {
    this.session = session;
    this.runners = runners;
  }

  /** Starts a thread for each enqueue op; the session is closed after them, by its owner. */
  public static QueueRunners start(Session session, List<QueueRunnerDef> runners) {
    var started = new QueueRunners(session, runners);
    for (QueueRunnerDef runner : runners) {
      var left = new AtomicInteger(runner.getEnqueueOpNameCount());
      for (String enqueue : runner.getEnqueueOpNameList()) {
        var thread = new Thread(() -> started.run(runner, enqueue, left), enqueue);
        thread.setDaemon(true);
        started.threads.add(thread);
      }
    }
    started.threads.forEach(Thread::start);
    return started;
  }

  /** What made the threads stop, if it was not {@link #close}: what TensorFlow threw. */
  public Optional<Throwable> failure() {
    return failures.stream().findFirst();
  }

  /** Stops all threads and waits for their end. */
  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true; // They end at once, and the session must not be closed before.
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(QueueRunnerDef runner, String enqueue, AtomicInteger left) {
    try {
      while (!stopping) {
        runOp(enqueue);
      }
    } catch (TFOutOfRangeException e) {
      // The queue before this one has ended. What this one still holds is to be had.
      if (left.decrementAndGet() == 0) {
        runQuietly(runner.getCloseOpName());
      }
    } catch (RuntimeException | Error e) {
      // Once they are to stop, what is thrown tells of no more than that.
      if (!stopping) {
        failures.add(e);
        stop();
      }
    }
  }

  /** Closes the queues, so that nobody waits for or at one any longer. */
  private void stop() {
    stopping = true;
    runners.forEach(runner -> runQuietly(runner.getCancelOpName()));
  }

  private void runQuietly(String op) {
    try {
      runOp(op);
    } catch (RuntimeException e) {
      return; // It is closed already.
    }
  }

  private void runOp(String op) {
    session.runner().addTarget(op).run().close();
  }
}
