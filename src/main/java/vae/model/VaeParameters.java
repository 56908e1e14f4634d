package vae.model;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.NetworkShape;
import vae.config.Seed;
import vae.tf1.TutorialVariable;

/** The tutorial's {@code weights} and {@code biases}: ten tensors, under its keys. */
final class VaeParameters {
  private final Map<TutorialVariable, Operand<TFloat32>> byKey =
      new EnumMap<>(TutorialVariable.class);

  /** Takes variables, or what a function gets for their values, in the tutorial's order. */
  VaeParameters(List<? extends Operand<TFloat32>> inOrder) {
    var next = inOrder.iterator();
    for (TutorialVariable each : TutorialVariable.values()) {
      byKey.put(each, next.next());
    }
  }

  /** Adds the variables and their initialisers to a graph, in the tutorial's order. */
  static List<Variable<TFloat32>> variables(Ops tf, NetworkShape shape, Seed seed) {
    var glorotInit = new GlorotInit(tf.withInitScope(), seed);
    List<Variable<TFloat32>> variables = new ArrayList<>();
    for (TutorialVariable each : TutorialVariable.values()) {
      List<Long> dims = each.shape(shape.input(), shape.hidden(), shape.latent());
      Variable<TFloat32> variable =
          tf.withName(each.op()).variable(Shape.of(longs(dims)), TFloat32.class);
      tf.withInitScope().assign(variable, glorotInit.values(longs(dims)));
      variables.add(variable);
    }
    return variables;
  }

  Operand<TFloat32> get(TutorialVariable variable) {
    return Objects.requireNonNull(byKey.get(variable));
  }

  private static long[] longs(List<Long> dims) {
    return dims.stream().mapToLong(Long::longValue).toArray();
  }
}
