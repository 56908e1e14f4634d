package vae;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import vae.checkpoint.Tf1Export;
import vae.config.AdamSettings;
import vae.config.Computation;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.Objective;
import vae.config.Schedule;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.functions.ModelInSession;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.testing.PythonTensorFlow;
import vae.train.Batches;
import vae.train.Trainer;

/** Adam's steps, its variables and their names, against Python's {@code tf.train.AdamOptimizer}. */
class AdamTest {
  private static final NetworkShape SHAPE = new NetworkShape(16, 8, 2);
  private static final int BATCH = 32;
  private static final int BEFORE = 2;
  private static final int STEPS = 6;
  private static final float LEARNING_RATE = 0.01f;

  @TempDir private Path folder;

  @BeforeEach
  void requirePython() {
    PythonTensorFlow.require();
  }

  /** The step of the graph that is saved, and the one that trains. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pythonGoesOnFromItsCheckpoint(boolean tutorials) throws IOException {
    var plan =
        new TrainingPlan(
            SHAPE,
            Objective.TUTORIAL,
            AdamSettings.withLearningRate(LEARNING_RATE),
            Schedule.CONSTANT,
            false,
            STEPS,
            BATCH,
            1_000,
            new Seed(4));
    Batches batches = AdamTest::copyBatch;
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      TrainingStep step =
          tutorials
              ? TrainingStep.tutorial(vae)
              : TrainingStep.quickest(
                  vae, plan, new Computation(Device.CPU, new Threads(2), true, false, false), 1);
      try (Session session = new Session(graph, Sessions.config(Device.CPU));
          Trainer trainer = new Trainer(plan, step, session, batches)) {
        session.initialize();
        trainer.run(
            1,
            report -> {
              if (report.step() == BEFORE) {
                Tf1Export.write(ModelInSession.of(vae, session), folder.resolve("before"));
              }
            },
            () -> false);
        Tf1Export.write(ModelInSession.of(vae, session), folder.resolve("after"));
      }
    }
    byte[] x = new byte[(STEPS - BEFORE) * BATCH * SHAPE.input() * Float.BYTES];
    byte[] epsilon = new byte[(STEPS - BEFORE) * BATCH * SHAPE.latent() * Float.BYTES];
    for (int step = BEFORE + 1; step <= STEPS; step++) {
      float[] pixels = new float[BATCH * SHAPE.input()];
      copyBatch(step, pixels);
      float[] noise = new float[BATCH * SHAPE.latent()];
      plan.seed().fillNormal(Purpose.TRAINING_NOISE, step, noise);
      put(x, step - BEFORE - 1, pixels);
      put(epsilon, step - BEFORE - 1, noise);
    }
    Files.write(folder.resolve("x.f32"), x);
    Files.write(folder.resolve("epsilon.f32"), epsilon);
    PythonTensorFlow.run(
        "check_adam.py",
        folder,
        "--shape",
        SHAPE.input(),
        SHAPE.hidden(),
        SHAPE.latent(),
        "--batch-size",
        BATCH,
        "--learning-rate",
        LEARNING_RATE);
  }

  private static void copyBatch(long step, float[] target) {
    Random random = new Random(step);
    for (int i = 0; i < target.length; i++) {
      target[i] = random.nextFloat();
    }
  }

  private static void put(byte[] target, int batch, float[] values) {
    ByteBuffer buffer = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
    buffer.position(batch * values.length * Float.BYTES);
    buffer.asFloatBuffer().put(values);
  }
}
