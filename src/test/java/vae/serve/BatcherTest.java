package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vae.files.ModelException;
import vae.tensor.Values;

/** Calls that meet while all cores are busy. */
class BatcherTest {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final float BLOCKS = -1;
  private static final float FAILS = -2;

  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<Integer> batches = new CopyOnWriteArrayList<>();
  private final List<Thread> callers = new ArrayList<>();

  /** Doubles; a row of -1 waits at the gate, a row of -2 fails. */
  private SortedMap<String, Values> doubled(Map<String, Values> inputs) throws ModelException {
    float[][] rows = Objects.requireNonNull(inputs.get("x")).matrix();
    batches.add(rows.length);
    float[][] results = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i][0] == BLOCKS) {
        awaitGate();
      }
      if (rows[i][0] == FAILS) {
        throw new ModelException(Path.of("model"), "it fails");
      }
      results[i] = new float[] {2 * rows[i][0]};
    }
    return new TreeMap<>(Map.of("y", Values.of(results)));
  }

  private void awaitGate() {
    try {
      assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] call(Batcher batcher, float... values)
      throws ModelException, ServingException {
    float[][] rows = new float[values.length][1];
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = values[i];
    }
    float[][] y =
        Objects.requireNonNull(
                batcher
                    .call(Map.of("x", Values.of(rows)), Caller.patientFor(Duration.ofSeconds(30)))
                    .get("y"))
            .matrix();
    float[] results = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      results[i] = y[i][0];
    }
    return results;
  }

  /** Starts a caller, and waits until it waits. */
  private void start(Runnable action) throws InterruptedException {
    var caller = new Thread(action);
    callers.add(caller);
    caller.start();
    while (caller.getState() == Thread.State.RUNNABLE || caller.getState() == Thread.State.NEW) {
      Thread.sleep(1);
    }
  }

  private void occupyAllCores(Batcher batcher) throws InterruptedException {
    for (int i = 0; i < CORES; i++) {
      start(() -> assertThat(catchThrowable(() -> call(batcher, BLOCKS))).isNull());
    }
    assertThat(batches).hasSize(CORES);
  }

  @AfterEach
  void letAllGo() throws InterruptedException {
    gate.countDown();
    for (Thread caller : callers) {
      caller.join(30_000);
      assertThat(caller.isAlive()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thoseThatWaitTogetherRunTogetherWhereTheyMay(boolean joins) throws Exception {
    var batcher = new Batcher(this::doubled, joins);
    occupyAllCores(batcher);
    List<float[]> answers = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 5; i++) {
      int value = i;
      start(
          () ->
              assertThat(catchThrowable(() -> answers.add(call(batcher, value, value + 0.5f))))
                  .isNull());
    }
    letAllGo();
    assertThat(batches).hasSize(joins ? CORES + 1 : CORES + 5);
    assertThat(batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(CORES + 10);
    assertThat(answers).hasSize(5);
    for (float[] answer : answers) {
      assertThat(answer[1]).isEqualTo(answer[0] + 1);
    }
    assertThat(answers.stream().map(answer -> answer[0]))
        .containsExactlyInAnyOrder(0f, 2f, 4f, 6f, 8f);
  }

  @Test
  void aBatchIsNotMuchLargerThanWhatACacheHolds() throws Exception {
    var batcher = new Batcher(this::doubled, true);
    occupyAllCores(batcher);
    for (int i = 0; i < 4; i++) {
      start(() -> assertThat(catchThrowable(() -> call(batcher, new float[100]))).isNull());
    }
    letAllGo();
    assertThat(batches).hasSize(CORES + 2).containsOnly(1, 200);
  }

  /** A signature may leave its columns open: what one client sends fails no other's call. */
  @Test
  void rowsOfOtherLengthsGoByThemselves() throws Exception {
    var batcher = new Batcher(this::doubled, true);
    occupyAllCores(batcher);
    for (int columns : new int[] {1, 1, 2, 1}) {
      start(
          () ->
              assertThat(
                      catchThrowable(
                          () ->
                              batcher.call(
                                  Map.of("x", Values.of(new float[3][columns])),
                                  Caller.patientFor(Duration.ofSeconds(30)))))
                  .isNull());
    }
    letAllGo();
    assertThat(batches.subList(CORES, batches.size())).containsExactlyInAnyOrder(6, 3, 3);
  }

  @Test
  void oneWhoseTurnDoesNotComeInTimeIsTold() throws Exception {
    var batcher = new Batcher(this::doubled, true);
    occupyAllCores(batcher);
    assertThatThrownBy(
            () ->
                batcher.call(
                    Map.of("x", Values.of(new float[][] {{1}})),
                    Caller.patientFor(Duration.ofMillis(20))))
        .isInstanceOfSatisfying(
            ServingException.class,
            e -> assertThat(e.code()).isEqualTo(ServingException.Code.DEADLINE_EXCEEDED));
    letAllGo();
    assertThat(batches).hasSize(CORES);
    assertThat(call(batcher, 3)).containsExactly(6);
  }

  @Test
  void aFailureIsTheCallersWhoseRowsMadeIt() throws Exception {
    var batcher = new Batcher(this::doubled, true);
    occupyAllCores(batcher);
    List<Optional<Throwable>> ends = new CopyOnWriteArrayList<>();
    for (float value : new float[] {1, FAILS, 3}) {
      start(() -> ends.add(Optional.ofNullable(catchThrowable(() -> call(batcher, value)))));
    }
    letAllGo();
    assertThat(ends).hasSize(3);
    assertThat(ends.stream().flatMap(Optional::stream))
        .singleElement()
        .satisfies(end -> assertThat(end).hasMessage("model: it fails"));
    assertThat(call(batcher, 4)).containsExactly(8);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsComputedForACallerThatHasGone(boolean joins) throws Exception {
    var batcher = new Batcher(this::doubled, joins);
    occupyAllCores(batcher);
    var gone = new AtomicBoolean();
    long deadline = Caller.patientFor(Duration.ofSeconds(30)).deadline();
    Map<String, Values> inputs = Map.of("x", Values.of(new float[][] {{3}, {4}}));
    start(
        () ->
            assertThatThrownBy(() -> batcher.call(inputs, new Caller(deadline, gone::get)))
                .isInstanceOfSatisfying(
                    ServingException.class,
                    e -> assertThat(e.code()).isEqualTo(ServingException.Code.CANCELLED)));
    gone.set(true);
    letAllGo();
    assertThat(batches).hasSize(CORES).containsOnly(1);
  }
}
