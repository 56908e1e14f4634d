package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import vae.config.NetworkShape;
import vae.tf1.Tf1Names;

/**
 * The decoder that the tutorial rebuilds after loading: from noise to images, without the encoder
 * and with the same variables.
 *
 * @param noiseInput the placeholder of z, [batch, latent]
 * @param image x̂ in [0, 1], [batch, input]
 */
public record GeneratorGraph(Operand<TFloat32> noiseInput, Operand<TFloat32> image) {

  static GeneratorGraph build(Ops tf, DenseLayers layers, NetworkShape shape) {
    var noiseInput =
        tf.withName(Tf1Names.NOISE_INPUT)
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, shape.latent())));
    var decoding = Decoder.decode(tf, layers, noiseInput, Tf1Names.GENERATE);
    return new GeneratorGraph(noiseInput, decoding.image());
  }
}
