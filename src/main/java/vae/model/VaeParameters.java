package vae.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.NetworkShape;
import vae.config.Seed;
import vae.tf1.TutorialVariable;

/** The tutorial's {@code weights} and {@code biases}: ten variables, under its keys. */
final class VaeParameters {
  private final Map<String, Variable<TFloat32>> byRole = new LinkedHashMap<>();

  /** Adds the variables and their initialisers to a graph. */
  VaeParameters(Ops tf, NetworkShape shape, Seed seed) {
    var glorotInit = new GlorotInit(tf.withInitScope(), seed);
    for (TutorialVariable each : TutorialVariable.values()) {
      List<Long> dims = each.shape(shape.input(), shape.hidden(), shape.latent());
      Variable<TFloat32> variable =
          tf.withName(each.op()).variable(Shape.of(longs(dims)), TFloat32.class);
      tf.withInitScope().assign(variable, glorotInit.values(longs(dims)));
      byRole.put(each.role(), variable);
    }
  }

  /** Those that stand in a graph already, in their order. */
  VaeParameters(List<Variable<TFloat32>> trainable) {
    var next = trainable.iterator();
    for (TutorialVariable each : TutorialVariable.values()) {
      byRole.put(each.role(), next.next());
    }
  }

  /** A weight matrix, [in, out]: {@code weights[key]}. */
  Variable<TFloat32> weights(String key) {
    return require("weights['%s']".formatted(key));
  }

  /** A bias vector, [out]: {@code biases[key]}. */
  Variable<TFloat32> biases(String key) {
    return require("biases['%s']".formatted(key));
  }

  /** All ten, in the order in which they were made. */
  List<Variable<TFloat32>> trainable() {
    return List.copyOf(byRole.values());
  }

  private Variable<TFloat32> require(String role) {
    Variable<TFloat32> variable = byRole.get(role);
    if (variable == null) {
      throw new IllegalArgumentException(
          "expected one of %s, found %s".formatted(byRole.keySet(), role));
    }
    return variable;
  }

  private static long[] longs(List<Long> dims) {
    return dims.stream().mapToLong(Long::longValue).toArray();
  }
}
