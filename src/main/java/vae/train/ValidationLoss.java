package vae.train;

import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.mnist.Images;
import vae.model.VaeGraph;
import vae.runtime.FloatTensors;
import vae.runtime.Tensors;

/** The loss of images that are not trained on, always with the same noise. */
public final class ValidationLoss implements AutoCloseable {
  private final VaeGraph vae;
  private final Session session;
  private final TFloat32 x;
  private final TFloat32 epsilon;

  /**
   * Prepares it; closing it frees its two tensors.
   *
   * @param session that holds the graph's variables; its owner closes it
   */
  public ValidationLoss(VaeGraph vae, Session session, Images images, Seed seed) {
    this.vae = vae;
    this.session = session;
    int count = images.count();
    x = (TFloat32) Tensors.of(images.values(0, count));
    float[] noise = new float[count * Math.toIntExact(vae.encoding().zMean().shape().get(1))];
    seed.fillNormal(Purpose.EVALUATION, 0, noise);
    epsilon = TFloat32.tensorOf(Shape.of(count, noise.length / count));
    FloatTensors.write(epsilon, noise);
  }

  /** The mean over the images as they are, none binarised. */
  public float now() {
    try (Result result =
        session.runner().feed(vae.x(), x).feed(vae.epsilon(), epsilon).fetch(vae.loss()).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  @Override
  public void close() {
    x.close();
    epsilon.close();
  }
}
