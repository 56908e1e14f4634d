package vae.metagraph;

import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import vae.runtime.TensorFlowFailure;
import vae.tf1.TensorName;

/**
 * The sizes of a VAE's ends, as TensorFlow infers them.
 *
 * @param input values in an image
 * @param latent dimensions of z
 */
record VaeShapes(long input, long latent) {

  /**
   * Infers them by loading a graph. The images' own shape may be unknown: they are as large as
   * {@code recon}.
   *
   * @throws MetaGraphException if TensorFlow can't load it, or one of the three is no float32
   *     matrix
   */
  static VaeShapes of(GraphDef graphDef, TensorName image, VaeTensors vae)
      throws MetaGraphException {
    try (Graph graph = new Graph()) {
      load(graph, graphDef);
      Output<?> images = graph.outputOrThrow(image.toString());
      int rank = images.shape().numDimensions();
      if (images.type() != TFloat32.class || (rank != 2 && rank != Shape.UNKNOWN_SIZE)) {
        throw notMatrix("the images", image, images, "--image-tensor names another");
      }
      return new VaeShapes(
          matrix(graph, "recon", vae.recon(), "--recon-tensor"),
          matrix(graph, "z", vae.latent(), "--latent-tensor"));
    }
  }

  private static void load(Graph graph, GraphDef graphDef) throws MetaGraphException {
    try {
      graph.importGraphDef(graphDef);
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      throw new MetaGraphException(
          "TensorFlow can't load what recon and the saver need: " + e.getMessage());
    }
  }

  /** The second size of a matrix. */
  private static long matrix(Graph graph, String what, TensorName name, String option)
      throws MetaGraphException {
    Output<?> tensor = graph.outputOrThrow(name.toString());
    Shape shape = tensor.shape();
    if (tensor.type() != TFloat32.class || shape.numDimensions() != 2 || shape.get(1) < 1) {
      throw notMatrix(what, name, tensor, option + " names another");
    }
    return shape.get(1);
  }

  private static MetaGraphException notMatrix(
      String what, TensorName name, Output<?> tensor, String remedy) {
    return new MetaGraphException(
        "expected %s as float32 [batch, size], found %s of %s %s; %s"
            .formatted(what, name, tensor.type().getSimpleName(), tensor.shape(), remedy));
  }
}
