package vae.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import vae.checkpoint.Tf1Checkpoint;
import vae.checkpoint.Tf1Export;
import vae.config.Device;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.files.AtomicFile;
import vae.functions.ModelInSession;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.model.TrainingStep;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.train.Batches;
import vae.train.Trainer;

/** Some steps of the tutorial's training, for another program to compare with. */
public final class Replay {
  private Replay() {}

  /**
   * Takes steps, and writes what went in and what came out.
   *
   * @param plan ends with the last step
   * @param firstStep on its number images and noise depend
   * @param from the checkpoint of the tutorial's variables and slots to start from
   * @param out the folder for the files
   */
  public static void run(
      TrainingPlan plan, int firstStep, Path from, Images images, Device device, Path out)
      throws IOException {
    if (images.pixelsPerImage() != plan.shape().input()) {
      throw new DataException(
          from,
          "expected images of %,d pixels, as it takes them, found %,d"
              .formatted(plan.shape().input(), images.pixelsPerImage()));
    }
    Batches batches = new MiniBatches(images, plan.batchSize(), plan.seed())::copyBatch;
    var losses = new StringBuilder();
    try (Graph graph = new Graph()) {
      VaeGraph vae = VaeGraph.build(graph, plan);
      try (Session session = new Session(graph, Sessions.config(device));
          Trainer trainer = new Trainer(plan, TrainingStep.tutorial(vae), session, batches)) {
        Tf1Checkpoint.at(from).restore(vae, session);
        for (var gradient : trainer.gradients(firstStep).entrySet()) {
          AtomicFile.write(
              out.resolve("gradients").resolve(gradient.getKey() + ".f32"),
              bytes(gradient.getValue()));
        }
        trainer.run(
            firstStep,
            report -> {
              losses.append(report.loss()).append('\n');
              if (report.step() == firstStep) {
                Tf1Export.write(ModelInSession.of(vae, session), out.resolve("first"));
              }
            },
            () -> false);
        Tf1Export.write(ModelInSession.of(vae, session), out.resolve("model"));
      }
    }
    var x = new ByteArrayOutputStream();
    var epsilon = new ByteArrayOutputStream();
    float[] pixels = new float[plan.batchSize() * plan.shape().input()];
    float[] noise = new float[plan.batchSize() * plan.shape().latent()];
    for (int step = firstStep; step <= plan.steps(); step++) {
      batches.copyBatch(step, pixels);
      x.writeBytes(bytes(pixels));
      plan.seed().fillNormal(Seed.Purpose.TRAINING_NOISE, step, noise);
      epsilon.writeBytes(bytes(noise));
    }
    AtomicFile.write(out.resolve("x.f32"), x.toByteArray());
    AtomicFile.write(out.resolve("epsilon.f32"), epsilon.toByteArray());
    AtomicFile.write(out.resolve("losses.csv"), losses.toString());
  }

  /** Float32, little-endian, as NumPy's {@code fromfile} reads. */
  private static byte[] bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
