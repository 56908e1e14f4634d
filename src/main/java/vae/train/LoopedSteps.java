package vae.train;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntUnaryOperator;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.model.TrainingLoop;
import vae.model.TrainingLoop.Call;
import vae.model.TrainingLoop.Compiled;
import vae.runtime.FloatTensors;
import vae.runtime.TensorFlowFailure;

/**
 * Many steps a call, by a {@link TrainingLoop}: another thread prepares the next call's inputs
 * while the device computes, and XLA compiles in a third while the first steps are taken without
 * it.
 */
final class LoopedSteps implements Steps {
  /** So that Ctrl-C is answered within a second where steps are slow. */
  private static final int MOST_INTERPRETED = 50;

  private static final long MOMENT_MILLIS = 100;

  private final TrainingPlan plan;
  private final TrainingLoop loop;
  private final Session session;
  private final Images images;
  private final MiniBatches batches;
  private boolean loaded;

  private IntUnaryOperator lastOfCall = first -> first;
  private TrainingListener listener = report -> {};
  private final Map<Call, CompletableFuture<Call>> compiling = new HashMap<>();
  private boolean failed;

  /** The inputs of the next call, and its first step. */
  private Optional<CompletableFuture<LoopInputTensors>> next = Optional.empty();

  private int nextFirst;

  LoopedSteps(TrainingPlan plan, TrainingLoop loop, Session session, Images images) {
    this.plan = plan;
    this.loop = loop;
    this.session = session;
    this.images = images;
    this.batches = new MiniBatches(images, plan.batchSize(), plan.seed());
  }

  @Override
  public int last(int first) {
    Optional<Compiled> compiled = loop.compiled();
    if (compiled.isPresent() && first >= compiled.get().from()) {
      return first + loop.most() - 1;
    }
    int last = first + Math.min(loop.most(), MOST_INTERPRETED) - 1;
    return compiled.isPresent() ? Math.min(last, compiled.get().from() - 1) : last;
  }

  @Override
  public OptionalInt compiledFrom() {
    return loop.compiled().stream()
        .mapToInt(Compiled::from)
        .filter(from -> from <= plan.steps())
        .findFirst();
  }

  @Override
  public void start(int first, IntUnaryOperator calls, TrainingListener told) {
    lastOfCall = calls;
    listener = told;
    if (!loaded) {
      load();
      loaded = true;
    }
    loop.compiled().ifPresent(compiled -> compile(compiled, first));
    prepare(first);
  }

  @Override
  public boolean isReady(int first) {
    try {
      compiling(first, lastOfCall.applyAsInt(first))
          .orElse(CompletableFuture.completedFuture(loop.interpreted()))
          .get(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true; // Then another call is taken.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  @Override
  public float[] take(int first, int last) {
    if (nextFirst != first) {
      prepare(first);
    }
    try (LoopInputTensors inputs = next.orElseThrow().join()) {
      next = Optional.empty();
      prepare(last + 1);
      Call call = call(first, last);
      Session.Runner runner = session.runner().addTarget(call.update()).fetch(call.losses());
      try (Result result = inputs.feed(runner, loop.inputs()).run()) {
        return FloatTensors.values((TFloat32) result.get(0));
      }
    }
  }

  @Override
  public void close() {
    discardNext();
    // XLA can't be stopped, and needs the session.
    compiling.values().forEach(call -> call.exceptionally(failure -> loop.interpreted()).join());
  }

  private void load() {
    int size = images.pixelsPerImage();
    try (TUint8 all =
        TUint8.tensorOf(
            Shape.of(images.count(), size),
            tensor -> {
              for (int i = 0; i < images.count(); i++) {
                tensor.asRawTensor().data().offset((long) i * size).write(images.bytes(i));
              }
            })) {
      session.runner().feed(loop.images(), all).addTarget(loop.load()).run().close();
    }
  }

  /** Lets XLA compile what the calls from a step on need. */
  private void compile(Compiled compiled, int firstStep) {
    int first = firstStep;
    while (first <= plan.steps()) {
      int last = lastOfCall.applyAsInt(first);
      if (first >= compiled.from()) {
        compiling.computeIfAbsent(code(compiled, first, last), this::compile);
      }
      first = last + 1;
    }
  }

  private Call code(Compiled compiled, int first, int last) {
    return last - first + 1 == loop.most() ? compiled.whole() : compiled.part();
  }

  /** XLA compiles at the first call; this one changes no variable. */
  private CompletableFuture<Call> compile(Call call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (LoopInputTensors none = LoopInputTensors.none(loop, plan)) {
            none.feed(session.runner().fetch(call.losses()), loop.inputs()).run().close();
          }
          return call;
        },
        ownThread("xla"));
  }

  private Call call(int first, int last) {
    Optional<CompletableFuture<Call>> compiled = compiling(first, last);
    if (failed || compiled.isEmpty()) {
      return loop.interpreted();
    }
    try {
      return compiled.get().join();
    } catch (CompletionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      if (!TensorFlowFailure.is(cause)) {
        throw e;
      }
      failed = true;
      listener.onNotCompiled(TensorFlowFailure.firstLine(cause));
      return loop.interpreted();
    }
  }

  /** What gives a call its code; nothing where XLA's is not to be used. */
  private Optional<CompletableFuture<Call>> compiling(int first, int last) {
    return loop.compiled()
        .filter(compiled -> first >= compiled.from())
        .map(compiled -> code(compiled, first, last))
        .flatMap(call -> Optional.ofNullable(compiling.get(call)));
  }

  private void prepare(int first) {
    discardNext();
    if (first > plan.steps()) {
      return;
    }
    int last = lastOfCall.applyAsInt(first);
    nextFirst = first;
    next =
        Optional.of(
            CompletableFuture.supplyAsync(
                () -> LoopInputTensors.of(loop, plan, images, batches, first, last),
                ownThread("loop-inputs")));
  }

  private void discardNext() {
    next.ifPresent(inputs -> inputs.join().close());
    next = Optional.empty();
    nextFirst = 0;
  }

  private static Executor ownThread(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      thread.start();
    };
  }
}
