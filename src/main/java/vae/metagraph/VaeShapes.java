package vae.metagraph;

import java.util.stream.Stream;
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
 * @param z the latent tensor
 * @param latent dimensions of z
 */
record VaeShapes(long input, TensorName z, long latent) {

  /**
   * Infers them by loading a graph. Where the images' own size is unknown, they are as large as
   * {@code recon}.
   *
   * @throws MetaGraphException if TensorFlow can't load it, or one of the three is no float32
   *     matrix
   */
  static VaeShapes of(GraphDef graphDef, TensorName image, VaeTensors vae)
      throws MetaGraphException {
    try (Graph graph = new Graph()) {
      load(graph, graphDef);
      Output<?> images = output(graph, image, "--image-tensor");
      int rank = images.shape().numDimensions();
      if (images.type() != TFloat32.class || (rank != 2 && rank != Shape.UNKNOWN_SIZE)) {
        throw notMatrix("the images", image, images, "--image-tensor");
      }
      Output<?> recon = output(graph, vae.recon(), "--recon-tensor");
      if (!isMatrix(recon)) {
        throw notMatrix("recon", vae.recon(), recon, "--recon-tensor");
      }
      boolean known = rank == 2 && images.shape().get(1) > 0;
      long input = (known ? images : recon).shape().get(1);
      for (TensorName latent : vae.latents()) {
        Output<?> z = output(graph, latent, "--latent-tensor");
        if (isMatrix(z)) {
          return new VaeShapes(input, latent, z.shape().get(1));
        }
      }
      TensorName first = vae.latents().get(0);
      throw notMatrix("z", first, graph.outputOrThrow(first.toString()), "--latent-tensor");
    }
  }

  /** Whether tensors are float32 matrices of some size. */
  static boolean areMatrices(GraphDef graphDef, long size, TensorName... tensors)
      throws MetaGraphException {
    try (Graph graph = new Graph()) {
      load(graph, graphDef);
      return Stream.of(tensors)
          .map(name -> graph.outputOrThrow(name.toString()))
          .allMatch(tensor -> isMatrix(tensor) && tensor.shape().get(1) == size);
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

  private static Output<?> output(Graph graph, TensorName name, String option)
      throws MetaGraphException {
    int outputs = graph.operationOrThrow(name.op()).numOutputs();
    if (name.output() >= outputs) {
      throw new MetaGraphException(
          "expected a tensor %s, found that its op has %d outputs; %s names another"
              .formatted(name, outputs, option));
    }
    return graph.outputOrThrow(name.toString());
  }

  private static boolean isMatrix(Output<?> tensor) {
    Shape shape = tensor.shape();
    return tensor.type() == TFloat32.class && shape.numDimensions() == 2 && shape.get(1) > 0;
  }

  private static MetaGraphException notMatrix(
      String what, TensorName name, Output<?> tensor, String option) {
    return new MetaGraphException(
        "expected %s as float32 [batch, size], found %s of %s %s; %s names another"
            .formatted(
                what,
                name,
                tensor.type().getSimpleName(),
                tensor.shape().isUnknown() ? "of unknown shape" : tensor.shape(),
                option));
  }
}
