package vae.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.runtime.FloatTensors;

/** The values of a session's variables, in row-major order. */
public final class Variables {
  private Variables() {}

  /** What each of these variables holds, by op. */
  public static Map<String, float[]> values(Session session, Iterable<String> ops) {
    Map<String, float[]> found = new LinkedHashMap<>();
    for (String op : ops) {
      try (Result result = session.runner().fetch(op).run()) {
        found.put(op, FloatTensors.values((TFloat32) result.get(0)));
      }
    }
    return found;
  }

  /** Gives a variable values. */
  public static void assign(Session session, Variable<TFloat32> variable, float[] values) {
    Ops tf = Ops.create(session.graph());
    Shape shape = variable.shape();
    var placeholder = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    try (TFloat32 tensor = TFloat32.tensorOf(shape)) {
      FloatTensors.write(tensor, values);
      session
          .runner()
          .feed(placeholder, tensor)
          .addTarget(tf.assign(variable, placeholder))
          .run()
          .close();
    }
  }
}
