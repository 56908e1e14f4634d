package vae.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.Seed;
import vae.config.Threads;
import vae.latent.Progress;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.model.Perceptron;
import vae.model.PerceptronGraph;
import vae.runtime.FloatTensors;
import vae.runtime.Sessions;
import vae.storage.ImageJudge;

/**
 * Trains a small classifier of labelled images, in a graph of its own. Half of the pixels, by
 * chance, are left out at each step (dropout: Srivastava and others, 2014), so that no class hangs
 * on a few of them: what a decoder makes is blurred, as no image is that the classifier has seen.
 */
public final class JudgeTraining {
  private static final int UNITS = 100;
  private static final int BATCH = 128;
  private static final int PASSES = 6;
  private static final int LEAST_STEPS = 500;

  /** More are not worth their time, however many images there are. */
  public static final int MOST_STEPS = 10_000;

  /** Of so many images one is held back, to tell how good the classifier is. */
  private static final int HELD_BACK = 12;

  private static final Seed SEED = new Seed(0);

  private JudgeTraining() {}

  /**
   * Trains it: six passes over the images, or 500 steps if they are few, on the CPU.
   *
   * @param images each with a label from 0 to {@code classes} - 1
   * @param mostSteps fewer where so many are enough: a model hardly trained needs no better judge
   * @return the same for the same images and as many threads
   */
  static ImageJudge of(
      Images images, int classes, int mostSteps, Threads threads, Progress progress) {
    // By chance, since lists may go through the classes in turn, or class by class.
    int[] order = new MiniBatches(images, images.count(), SEED).indices(1);
    int kept = images.count() - images.count() / HELD_BACK;
    Perceptron network =
        trained(images, Arrays.copyOf(order, kept), classes, mostSteps, threads, progress);
    float[] pixels = new float[images.pixelsPerImage()];
    int right = 0;
    for (int i = kept; i < order.length; i++) {
      images.copyPixels(order[i], pixels, 0);
      right += network.likeliest(pixels) == images.labels().of(order[i]) ? 1 : 0;
    }
    int judged = order.length - kept;
    return new ImageJudge(network, judged == 0 ? Double.NaN : (double) right / judged);
  }

  private static Perceptron trained(
      Images images,
      int[] trained,
      int classes,
      int mostSteps,
      Threads threads,
      Progress progress) {
    int inputs = images.pixelsPerImage();
    int batch = Math.min(BATCH, trained.length);
    int steps = Math.min(mostSteps, Math.max(LEAST_STEPS, PASSES * (trained.length / batch)));
    var batches = new MiniBatches(images, trained.length, batch, SEED);
    try (Graph graph = new Graph()) {
      var classifier = PerceptronGraph.build(graph, inputs, UNITS, classes, SEED);
      try (Session session = new Session(graph, Sessions.config(Device.CPU, threads));
          TFloat32 x = TFloat32.tensorOf(Shape.of(batch, inputs));
          TFloat32 target = TFloat32.tensorOf(Shape.of(batch, classes))) {
        session.initialize();
        float[] pixels = new float[batch * inputs];
        float[] oneHot = new float[batch * classes];
        for (int step = 1; step <= steps; step++) {
          int[] taken = IntStream.of(batches.indices(step)).map(i -> trained[i]).toArray();
          Random random = SEED.random(Seed.Purpose.TRAINING_NOISE, step);
          Arrays.fill(oneHot, 0);
          for (int i = 0; i < batch; i++) {
            images.copyPixels(taken[i], pixels, i * inputs);
            dropHalf(pixels, i * inputs, inputs, random);
            oneHot[i * classes + images.labels().of(taken[i])] = 1;
          }
          FloatTensors.write(x, pixels);
          FloatTensors.write(target, oneHot);
          session
              .runner()
              .feed(classifier.x(), x)
              .feed(classifier.target(), target)
              .addTarget(classifier.trainOp())
              .run()
              .close();
          progress.done(step, steps);
        }
        List<float[]> values = new ArrayList<>();
        classifier.parameters().forEach(each -> values.add(value(session, each)));
        return new Perceptron(values.get(0), values.get(1), values.get(2), values.get(3));
      }
    }
  }

  /** Makes pixels 0 or twice what they are, by a bit of chance each. */
  private static void dropHalf(float[] pixels, int from, int count, Random random) {
    long bits = 0;
    for (int i = 0; i < count; i++) {
      bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
      pixels[from + i] *= 2 * (bits & 1);
    }
  }

  private static float[] value(Session session, Variable<TFloat32> variable) {
    try (Result result = session.runner().fetch(variable).run()) {
      return FloatTensors.values((TFloat32) result.get(0));
    }
  }
}
