package vae.train;

import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.model.VaeGraph;
import vae.runtime.FloatTensors;

/** Makes sure that variables are worth saving. */
public final class FiniteVariables {
  private FiniteVariables() {}

  /**
   * Looks at every value of the parameters and their slots: the loss of a step says nothing of the
   * update after it.
   *
   * @param session that holds the graph's variables
   * @param step the last one taken
   * @throws DivergedException if one is NaN or infinite
   */
  public static void require(VaeGraph vae, Session session, int step) {
    List<Variable<TFloat32>> variables = vae.variables();
    Session.Runner runner = session.runner();
    variables.forEach(runner::fetch);
    try (Result values = runner.run()) {
      for (int i = 0; i < variables.size(); i++) {
        for (float value : FloatTensors.values((TFloat32) values.get(i))) {
          if (!Float.isFinite(value)) {
            throw new DivergedException(step, variables.get(i).op().name(), value);
          }
        }
      }
    }
  }
}
