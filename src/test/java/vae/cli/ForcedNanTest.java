package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.chaos.ChaosRow;
import vae.config.ClassNames;
import vae.config.Computation;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.mnist.MiniBatches;
import vae.mnist.MnistFiles;
import vae.model.VaeGraph;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;
import vae.storage.ModelStore;
import vae.storage.TrainedImages;
import vae.storage.TrainingRecord;
import vae.tensor.ImageShape;
import vae.testing.FolderContents;
import vae.testing.Output;
import vae.testing.SmallModel;
import vae.train.Batches;
import vae.train.DivergedException;
import vae.training.CheckpointStore;
import vae.training.Checkpoints;
import vae.training.RunListener;
import vae.training.Training;
import vae.training.TrainingData;

/** Trainings that come to NaN stop at the step where they do, and keep what was good. */
@ChaosRow(
    order = 8,
    test = "5 forced NaNs",
    holds = "stops at the right step; last good model kept")
class ForcedNanTest {
  private static final Threads THREADS = new Threads(2);
  private static final Computation COMPUTATION =
      new Computation(Device.CPU, THREADS, true, false, false);

  @TempDir private Path models;
  private FolderContents before = new FolderContents(Map.of());
  private Images mnist = new Images(ImageShape.grey(1, 1), new byte[1], Labels.none(1));

  @BeforeEach
  void publishAModel() throws IOException {
    try (SmallModel model = new SmallModel(1)) {
      model.publish(models);
    }
    before = FolderContents.of(models.resolve("1"));
    mnist = new MnistFiles(Path.of("mnist")).train();
  }

  @AfterEach
  void theModelBeforeIsWhatItWasAndNoneIsNew() throws IOException {
    assertThat(FolderContents.of(models.resolve("1"))).isEqualTo(before);
    assertThat(models.resolve("2")).doesNotExist();
  }

  @Test
  void aLearningRateOfTen() throws IOException {
    TrainingPlan plan = plan(10, LossFormula.TUTORIAL);
    int bad = firstBadStep(plan);
    Output output =
        Output.of(
            "train",
            "--saved-model",
            models.toString(),
            "--learning-rate",
            "10",
            "--steps",
            String.valueOf(plan.steps()),
            "--seed",
            String.valueOf(plan.seed().value()),
            "--threads",
            String.valueOf(THREADS.count()),
            "--checkpoint-every",
            "1");
    assertThat(output.exitCode()).isEqualTo(ExitCode.DIVERGED);
    assertThat(output.err())
        .containsPattern("error: step %d: expected a finite \\S+, found ".formatted(bad));
    assertLastCheckpointIs(bad - 1);
  }

  @Test
  void badPixels() throws IOException {
    TrainingPlan plan = plan(0.001f, LossFormula.TUTORIAL);
    var good = new MiniBatches(mnist, plan.batchSize(), plan.seed());
    assertThatThrownBy(
            () ->
                train(
                    plan,
                    (step, target) -> {
                      good.copyBatch(step, target);
                      if (step == 13) {
                        target[200] = Float.NaN;
                      }
                    }))
        .isInstanceOf(DivergedException.class)
        .hasMessageStartingWith("step 13: expected a finite loss, found NaN; no model was saved, ");
    assertLastCheckpointIs(10);
  }

  @Test
  void aPoisonedCheckpoint() throws IOException {
    TrainingPlan plan = plan(0.001f, LossFormula.TUTORIAL);
    saveCheckpoint(
        plan,
        model -> {
          Variable<TFloat32> slot = model.vae().variables().get(17);
          float[] values = new float[(int) slot.shape().size()];
          values[values.length - 1] = Float.NaN;
          model.assign(slot, values);
        });
    Output output = resume();
    assertThat(output.exitCode()).isEqualTo(ExitCode.DIVERGED);
    assertThat(output.err()).containsPattern("error: step 3: expected a finite \\S+, found NaN; ");
  }

  /** Values whose squares float32 can not hold. */
  @Test
  void valuesTooLargeForTheNextStep() throws IOException {
    saveCheckpoint(
        plan(0.001f, LossFormula.TUTORIAL),
        model -> {
          for (Variable<TFloat32> variable : model.vae().variables()) {
            float[] values = new float[(int) variable.shape().size()];
            Arrays.fill(values, 1e38f);
            model.assign(variable, values);
          }
        });
    Output output = resume();
    assertThat(output.exitCode()).isEqualTo(ExitCode.DIVERGED);
    assertThat(output.err()).containsPattern("error: step 4: expected a finite loss, found ");
    assertLastCheckpointIs(3);
  }

  /** {@code tf.Variable(tf.random_normal(…))}: white pixels meet logits beyond 16.64. */
  @Test
  void theTutorialsPlainRandomNormalInitialValues() throws IOException {
    saveCheckpoint(plan(0.001f, LossFormula.TUTORIAL), ForcedNanTest::assignNormal);
    Output output = resume();
    assertThat(output.exitCode()).isEqualTo(ExitCode.DIVERGED);
    assertThat(output.err()).contains("error: step 4: expected a finite loss, found NaN; ");
    assertLastCheckpointIs(3);
  }

  private static void assignNormal(SmallModel model) {
    Random random = new Random(1);
    for (Variable<TFloat32> variable : model.vae().trainable()) {
      float[] values = new float[(int) variable.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      model.assign(variable, values);
    }
  }

  /**
   * The first step whose loss is not finite, by the tutorial's own ops: before its update, or, at
   * the first step, which is logged, after it.
   */
  private int firstBadStep(TrainingPlan plan) throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph, Sessions.config(Device.CPU, THREADS))) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      session.initialize();
      for (int step = 1; step <= plan.steps(); step++) {
        Session.Runner update = session.runner().addTarget(vae.trainOp());
        if (!Float.isFinite(loss(vae, plan, step, Purpose.TRAINING_NOISE, update))
            || (step == 1
                && !Float.isFinite(
                    loss(vae, plan, step, Purpose.LOGGING_NOISE, session.runner())))) {
          return step;
        }
      }
      throw new AssertionError("the loss stays finite");
    }
  }

  private float loss(
      VaeGraph vae, TrainingPlan plan, int step, Purpose purpose, Session.Runner runner) {
    float[] pixels = new float[plan.batchSize() * 784];
    new MiniBatches(mnist, plan.batchSize(), plan.seed()).copyBatch(step, pixels);
    float[] noise = new float[plan.batchSize() * 2];
    plan.seed().fillNormal(purpose, step, noise);
    try (TFloat32 x = TFloat32.tensorOf(Shape.of(plan.batchSize(), 784));
        TFloat32 epsilon = TFloat32.tensorOf(Shape.of(plan.batchSize(), 2))) {
      FloatTensors.write(x, pixels);
      FloatTensors.write(epsilon, noise);
      runner.feed(vae.x(), x).feed(vae.epsilon(), epsilon).fetch(vae.loss());
      try (Result loss = runner.run()) {
        return ((TFloat32) loss.get(0)).getFloat();
      }
    }
  }

  private static TrainingPlan plan(float learningRate, LossFormula loss) {
    return new TrainingPlan(
        NetworkShape.TUTORIAL,
        loss,
        RmsPropSettings.withLearningRate(learningRate),
        100,
        64,
        1_000,
        new Seed(1));
  }

  /** Trains on other batches than the command would. */
  private void train(TrainingPlan plan, Batches batches) throws IOException {
    var data =
        new TrainingData(
            60_000,
            784,
            this::images,
            anyPlan -> batches,
            () -> mnist,
            Optional.empty(),
            Optional.of(ClassNames.numbered(10)));
    try (Checkpoints checkpoints = Checkpoints.anew(open(), 5)) {
      var store = new ModelStore(models);
      new Training(plan, COMPUTATION, data, Optional.empty(), checkpoints, store)
          .run(new RunListener() {}, () -> false);
    }
  }

  /** Leaves the checkpoint of a step 3. */
  private void saveCheckpoint(TrainingPlan plan, Consumer<SmallModel> change) throws IOException {
    try (SmallModel model = new SmallModel(plan.shape(), 1);
        CheckpointStore store = open()) {
      change.accept(model);
      store.save(model.inSession(), record(plan, 3));
    }
  }

  private Output resume() {
    return Output.of("train", "--saved-model", models.toString(), "--resume");
  }

  private void assertLastCheckpointIs(int step) throws IOException {
    try (CheckpointStore store = open()) {
      Optional<Integer> last =
          store
              .newest(
                  damaged -> {
                    throw new AssertionError(damaged);
                  })
              .map(saved -> saved.training().step());
      assertThat(last).isEqualTo(step == 0 ? Optional.empty() : Optional.of(step));
    }
  }

  private CheckpointStore open() throws IOException {
    return CheckpointStore.open(models.resolve("checkpoints"));
  }

  private TrainingRecord record(TrainingPlan plan, int step) {
    return new TrainingRecord(plan, COMPUTATION, images(), step, 150);
  }

  private TrainedImages images() {
    return new TrainedImages(60_000, mnist.sha256(), Optional.empty(), false, 0, Optional.empty());
  }
}
