package vae.training;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import vae.functions.ModelInSession;
import vae.latent.LatentGrid;
import vae.picture.ImageBatch;
import vae.picture.Png;
import vae.picture.Tiling;
import vae.tensor.ImageShape;
import vae.tensor.Values;
import vae.train.StepReport;

/** What TensorBoard shows of a training: curves, and the digits of the plane as they form. */
final class TrainingBoard implements AutoCloseable {
  private static final int SIDE = 20;
  private static final double REACH = 3;

  private final EventFile events;
  private final float beta;
  private int lastStep;
  private long lastNanos = System.nanoTime();

  /**
   * Begins a file of events.
   *
   * @param step the last one taken before
   */
  TrainingBoard(Path folder, float beta, int step) throws IOException {
    this.events = EventFile.in(folder);
    this.beta = beta;
    this.lastStep = step;
  }

  /** Writes what was logged. */
  void show(StepReport report, ModelInSession model) throws IOException {
    StepReport.Logged logged = report.logged().orElseThrow();
    int step = report.step();
    events.scalar("loss", step, logged.loss());
    events.scalar("loss/reconstruction", step, logged.loss() - beta * logged.kl());
    events.scalar("loss/kl", step, logged.kl());
    long now = System.nanoTime();
    events.scalar("steps_per_second", step, (step - lastStep) / ((now - lastNanos) / 1e9));
    float[][] z = LatentGrid.within(LatentGrid.linear(SIDE, REACH), model.vae().latentSize());
    Values images = model.vae().generate(Values.of(z));
    if (ImageShape.of(images.rowShape()).isPresent()) {
      BufferedImage manifold = Tiling.of(ImageBatch.of(images), 1, SIDE, 0);
      events.image(
          "manifold", step, Png.encode(manifold), manifold.getWidth(), manifold.getHeight());
    }
    lastStep = step;
    lastNanos = System.nanoTime(); // The picture is no part of the training.
  }

  /** Writes the loss of the images held out. */
  void showValidation(int step, float loss) throws IOException {
    events.scalar("loss/validation", step, loss);
  }

  @Override
  public void close() throws IOException {
    events.close();
  }
}
