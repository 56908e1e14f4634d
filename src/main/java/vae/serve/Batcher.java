package vae.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import vae.serve.ServingException.Code;
import vae.storage.ModelException;

/**
 * Runs calls of one function, those that wait together as one batch. Nobody waits for company: a
 * call that finds a core free runs at once, on its caller's thread; those that come while all are
 * busy are run together by whichever caller goes next.
 */
final class Batcher {
  /** The most rows of a batch made of several calls. */
  private static final int MOST_ROWS = 250;

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final Function function;
  private final boolean joins;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Call> waiting = new ArrayDeque<>();
  private int running;

  /** A function of matrices, by name. */
  @FunctionalInterface
  interface Function {
    /** Computes it. */
    SortedMap<String, float[][]> of(Map<String, float[][]> inputs) throws ModelException;
  }

  private static final class Call {
    private final Map<String, float[][]> inputs;
    private final int rows;
    private final boolean even;
    private Optional<SortedMap<String, float[][]>> outputs = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();

    private Call(Map<String, float[][]> inputs) {
      this.inputs = inputs;
      this.rows = inputs.values().iterator().next().length;
      this.even =
          inputs.values().stream()
              .allMatch(
                  matrix -> Arrays.stream(matrix).allMatch(row -> row.length == matrix[0].length));
    }

    /** Whether both have the columns that one matrix needs: the signature may leave them open. */
    private boolean fits(Call other) {
      return even
          && other.even
          && inputs.entrySet().stream()
              .allMatch(
                  input ->
                      rows > 0
                          && other.rows > 0
                          && input.getValue()[0].length
                              == Objects.requireNonNull(other.inputs.get(input.getKey()))[0]
                                  .length);
    }

    private boolean isDone() {
      return outputs.isPresent() || failure.isPresent();
    }
  }

  /**
   * Of a function.
   *
   * @param joins whether rows of several calls may be put together
   */
  Batcher(Function function, boolean joins) {
    this.function = function;
    this.joins = joins;
  }

  /**
   * Computes the function.
   *
   * @param inputs at least one; all of as many rows
   * @param deadline in {@link System#nanoTime}; a call that has begun is not cut short
   * @throws ServingException if its turn hasn't come by then
   */
  SortedMap<String, float[][]> call(Map<String, float[][]> inputs, long deadline)
      throws ModelException, ServingException {
    var call = new Call(inputs);
    boolean interrupted = false;
    lock.lock();
    try {
      waiting.add(call);
      while (!call.isDone()) {
        if (running < CORES && waiting.contains(call)) {
          runNext();
        } else {
          interrupted |= awaitTurn(call, deadline);
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (call.failure.isPresent()) {
      Throwable failure = call.failure.get();
      if (failure instanceof ModelException e) {
        throw e;
      }
      throw new IllegalStateException("a batch failed", failure);
    }
    return call.outputs.orElseThrow();
  }

  /** Waits; whether it was interrupted while its batch ran, which is then waited for. */
  @SuppressWarnings("WaitNotInLoop") // Its caller is the loop.
  private boolean awaitTurn(Call call, long deadline) throws ServingException {
    try {
      long left = deadline - System.nanoTime();
      // Once it has been taken out, its batch is running, and ends soon.
      if (left <= 0 && waiting.remove(call)) {
        throw new ServingException(Code.DEADLINE_EXCEEDED, "Timed out waiting for its turn");
      }
      if (left <= 0) {
        changed.await();
      } else {
        // Whether time ran out is seen on the next turn.
        var unused = changed.await(left, TimeUnit.NANOSECONDS);
      }
      return false;
    } catch (InterruptedException e) {
      if (waiting.remove(call)) {
        Thread.currentThread().interrupt();
        throw new ServingException(Code.UNAVAILABLE, "Interrupted while waiting its turn", e);
      }
      return true;
    }
  }

  /** Runs the calls that have waited longest, as many as go together; called with the lock. */
  private void runNext() {
    List<Call> batch = new ArrayList<>();
    Call first = waiting.element();
    int rows = 0;
    do {
      rows += waiting.element().rows;
      batch.add(waiting.remove());
    } while (joins
        && !waiting.isEmpty()
        && rows + waiting.element().rows <= MOST_ROWS
        && first.fits(waiting.element()));
    running++;
    lock.unlock();
    try {
      run(batch, rows);
    } finally {
      lock.lock();
      running--;
      changed.signalAll();
    }
  }

  private void run(List<Call> batch, int rows) {
    try {
      if (batch.size() == 1) {
        batch.get(0).outputs = Optional.of(function.of(batch.get(0).inputs));
        return;
      }
      Map<String, float[][]> joined = new TreeMap<>();
      for (String name : batch.get(0).inputs.keySet()) {
        float[][] all = new float[rows][];
        int at = 0;
        for (Call call : batch) {
          System.arraycopy(call.inputs.get(name), 0, all, at, call.rows);
          at += call.rows;
        }
        joined.put(name, all);
      }
      SortedMap<String, float[][]> outputs = function.of(joined);
      int at = 0;
      for (Call call : batch) {
        SortedMap<String, float[][]> own = new TreeMap<>();
        for (var output : outputs.entrySet()) {
          float[][] part = new float[call.rows][];
          System.arraycopy(output.getValue(), at, part, 0, call.rows);
          own.put(output.getKey(), part);
        }
        at += call.rows;
        call.outputs = Optional.of(own);
      }
    } catch (ModelException | RuntimeException | Error e) {
      batch.forEach(call -> call.failure = Optional.of(e));
    }
  }
}
