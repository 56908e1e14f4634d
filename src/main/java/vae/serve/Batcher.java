package vae.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import vae.files.ModelException;
import vae.serve.ServingException.Code;
import vae.tensor.Values;

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

  @FunctionalInterface
  interface Function {
    SortedMap<String, Values> of(Map<String, Values> inputs) throws ModelException;
  }

  private static final class Call {
    private final Map<String, Values> inputs;
    private final int rows;
    private final Caller caller;
    private final CompletableFuture<SortedMap<String, Values>> outputs = new CompletableFuture<>();

    private Call(Map<String, Values> inputs, Caller caller) {
      this.inputs = inputs;
      this.caller = caller;
      this.rows = inputs.isEmpty() ? 0 : inputs.values().iterator().next().rows();
    }

    /** Whether both have rows alike: the signature may leave their shape open. */
    private boolean fits(Call other) {
      return inputs.entrySet().stream()
          .allMatch(
              input ->
                  input
                      .getValue()
                      .hasRowsLike(Objects.requireNonNull(other.inputs.get(input.getKey()))));
    }
  }

  Batcher(Function function, boolean joins) {
    this.function = function;
    this.joins = joins;
  }

  /**
   * Computes the function.
   *
   * @param inputs by name; all of as many rows where calls are joined
   * @param caller who waits; a call that has begun is not cut short
   * @throws ServingException if its turn hasn't come by its caller's deadline, or its caller had
   *     gone when it came
   */
  SortedMap<String, Values> call(Map<String, Values> inputs, Caller caller)
      throws ModelException, ServingException {
    var call = new Call(inputs, caller);
    boolean interrupted = false;
    lock.lock();
    try {
      waiting.add(call);
      while (!call.outputs.isDone()) {
        if (running < CORES && waiting.contains(call)) {
          runNext();
        } else {
          interrupted |= awaitTurn(call);
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      return call.outputs.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof ModelException e) {
        throw e;
      }
      if (failed.getCause() instanceof ServingException e) {
        throw e;
      }
      throw new IllegalStateException("a batch failed", failed.getCause());
    }
  }

  /** Waits; whether it was interrupted while its batch ran, which is then waited for. */
  @SuppressWarnings("WaitNotInLoop") // Its caller is the loop.
  private boolean awaitTurn(Call call) throws ServingException {
    try {
      long left = call.caller.deadline() - System.nanoTime();
      // Once it has been taken out, its batch is running, and ends soon.
      if (left <= 0 && waiting.remove(call)) {
        throw new ServingException(Code.DEADLINE_EXCEEDED, "Timed out waiting for its turn");
      }
      // Whether time ran out is seen on the next turn.
      var unused = changed.awaitNanos(left > 0 ? left : Long.MAX_VALUE);
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
      Call next = waiting.remove();
      if (next.caller.gone().getAsBoolean()) {
        next.outputs.completeExceptionally(
            new ServingException(Code.CANCELLED, "The caller has gone"));
      } else {
        rows += next.rows;
        batch.add(next);
      }
    } while (joins
        && !waiting.isEmpty()
        && rows + waiting.element().rows <= MOST_ROWS
        && first.fits(waiting.element()));
    running++;
    lock.unlock();
    try {
      run(batch);
    } finally {
      lock.lock();
      running--;
      changed.signalAll();
    }
  }

  private void run(List<Call> batch) {
    if (batch.isEmpty()) {
      return;
    }
    if (batch.size() == 1) {
      runAlone(batch.get(0));
      return;
    }
    try {
      Map<String, Values> joined = new TreeMap<>();
      for (String name : batch.get(0).inputs.keySet()) {
        joined.put(
            name,
            Values.joined(
                batch.stream()
                    .map(call -> Objects.requireNonNull(call.inputs.get(name)))
                    .toList()));
      }
      SortedMap<String, Values> outputs = function.of(joined);
      int at = 0;
      for (Call call : batch) {
        int from = at;
        at += call.rows;
        int to = at;
        SortedMap<String, Values> own = new TreeMap<>();
        outputs.forEach((name, output) -> own.put(name, output.part(from, to)));
        call.outputs.complete(own);
      }
    } catch (ModelException | RuntimeException | Error e) {
      batch.forEach(this::runAlone); // What one has asked for is no fault of the others.
    }
  }

  private void runAlone(Call call) {
    try {
      call.outputs.complete(function.of(call.inputs));
    } catch (ModelException | RuntimeException | Error e) {
      call.outputs.completeExceptionally(e);
    }
  }
}
