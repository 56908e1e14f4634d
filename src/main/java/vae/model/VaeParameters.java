package vae.model;

import static vae.tf1.Tf1Names.DECODER_B1;
import static vae.tf1.Tf1Names.DECODER_H1;
import static vae.tf1.Tf1Names.DECODER_OUT;
import static vae.tf1.Tf1Names.DECODER_OUT_BIASES;
import static vae.tf1.Tf1Names.ENCODER_B1;
import static vae.tf1.Tf1Names.ENCODER_H1;
import static vae.tf1.Tf1Names.Z_MEAN_BIASES;
import static vae.tf1.Tf1Names.Z_MEAN_WEIGHTS;
import static vae.tf1.Tf1Names.Z_STD_BIASES;
import static vae.tf1.Tf1Names.Z_STD_WEIGHTS;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.NetworkShape;
import vae.config.Seed;

/**
 * The tutorial's {@code weights} and {@code biases}: ten variables, under its keys and in its
 * order, which decides their names in the graph.
 */
final class VaeParameters {
  private final Map<String, Variable<TFloat32>> weights = new LinkedHashMap<>();
  private final Map<String, Variable<TFloat32>> biases = new LinkedHashMap<>();

  /** Adds the variables and their initialisers to a graph. */
  VaeParameters(Ops tf, NetworkShape shape, Seed seed) {
    var glorotInit = new GlorotInit(tf.withInitScope(), seed);

    weights.put("encoder_h1", variable(tf, glorotInit, ENCODER_H1, shape.input(), shape.hidden()));
    weights.put("z_mean", variable(tf, glorotInit, Z_MEAN_WEIGHTS, shape.hidden(), shape.latent()));
    weights.put("z_std", variable(tf, glorotInit, Z_STD_WEIGHTS, shape.hidden(), shape.latent()));
    weights.put("decoder_h1", variable(tf, glorotInit, DECODER_H1, shape.latent(), shape.hidden()));
    weights.put(
        "decoder_out", variable(tf, glorotInit, DECODER_OUT, shape.hidden(), shape.input()));

    biases.put("encoder_b1", variable(tf, glorotInit, ENCODER_B1, shape.hidden()));
    biases.put("z_mean", variable(tf, glorotInit, Z_MEAN_BIASES, shape.latent()));
    biases.put("z_std", variable(tf, glorotInit, Z_STD_BIASES, shape.latent()));
    biases.put("decoder_b1", variable(tf, glorotInit, DECODER_B1, shape.hidden()));
    biases.put("decoder_out", variable(tf, glorotInit, DECODER_OUT_BIASES, shape.input()));
  }

  /** A weight matrix, [in, out]: {@code weights[key]}. */
  Variable<TFloat32> weights(String key) {
    return require(weights, key);
  }

  /** A bias vector, [out]: {@code biases[key]}. */
  Variable<TFloat32> biases(String key) {
    return require(biases, key);
  }

  /** All ten, in the order in which they were made. */
  List<Variable<TFloat32>> trainable() {
    return Stream.concat(weights.values().stream(), biases.values().stream()).toList();
  }

  private static Variable<TFloat32> variable(
      Ops tf, GlorotInit glorotInit, String name, int... dims) {
    Variable<TFloat32> variable = tf.withName(name).variable(shape(dims), TFloat32.class);
    tf.withInitScope().assign(variable, glorotInit.values(dims));
    return variable;
  }

  private static Shape shape(int... dims) {
    return dims.length == 1 ? Shape.of(dims[0]) : Shape.of(dims[0], dims[1]);
  }

  private static Variable<TFloat32> require(Map<String, Variable<TFloat32>> map, String key) {
    Variable<TFloat32> variable = map.get(key);
    if (variable == null) {
      throw new IllegalArgumentException(
          "expected one of the keys %s, found %s".formatted(map.keySet(), key));
    }
    return variable;
  }
}
