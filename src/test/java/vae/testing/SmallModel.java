package vae.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.Computation;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.Objective;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.functions.ModelInSession;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.storage.Labelling;
import vae.storage.ModelStore;
import vae.storage.SavedModelWriter;
import vae.storage.TrainedImages;
import vae.storage.TrainingRecord;

/**
 * A model quick to publish. All its variables, slots too, hold random values that no initialiser
 * gives: a loader that loses them is found out.
 */
public final class SmallModel implements AutoCloseable {
  public static final NetworkShape SHAPE = new NetworkShape(16, 8, 2);

  private final Graph graph = new Graph();
  private final VaeGraph vae;
  private final Session session;
  private final Map<String, float[]> values = new LinkedHashMap<>();

  public SmallModel(long seed) {
    this(SHAPE, seed);
  }

  public SmallModel(NetworkShape shape, long seed) {
    vae =
        VaeGraph.build(
            graph,
            new TrainingPlan(
                shape, LossFormula.TUTORIAL, RmsPropSettings.TUTORIAL, 1, 1, 1, new Seed(seed)));
    session = new Session(graph, Sessions.config(Device.CPU));
    session.initialize();
    Random random = new Random(seed);
    for (Variable<TFloat32> variable : vae.variables()) {
      float[] value = new float[(int) variable.shape().size()];
      for (int i = 0; i < value.length; i++) {
        value[i] = (float) random.nextGaussian() / 4;
      }
      assign(variable, value);
      values.put(variable.op().name(), value);
    }
  }

  /** What each variable holds, by op, in row-major order. */
  public Map<String, float[]> values() {
    return values;
  }

  public Path publish(Path base) throws IOException {
    return publish(base, Optional.empty(), Optional.empty());
  }

  /** With a labelling. */
  public Path publish(Path base, Optional<Labelling> labelling) throws IOException {
    return publish(base, Optional.empty(), labelling);
  }

  /** As one that was trained for an objective. */
  public Path publish(Path base, Objective objective) throws IOException {
    TrainingRecord tutorial = record(1);
    TrainingPlan plan = tutorial.plan();
    var changed =
        new TrainingPlan(
            plan.shape(),
            objective,
            plan.optimizer(),
            plan.schedule(),
            plan.binarised(),
            plan.steps(),
            plan.batchSize(),
            plan.logEvery(),
            plan.seed());
    var record =
        new TrainingRecord(
            changed, tutorial.computation(), tutorial.images(), tutorial.step(), tutorial.loss());
    return publish(base, Optional.of(record), Optional.empty());
  }

  private Path publish(Path base, Optional<TrainingRecord> record, Optional<Labelling> labelling)
      throws IOException {
    return new ModelStore(base)
        .publish(folder -> SavedModelWriter.write(inSession(), record, labelling, folder));
  }

  /** What a training might say of itself after a step. */
  public static TrainingRecord record(int step) {
    return new TrainingRecord(
        TrainingPlan.tutorial(new Seed(1)),
        new Computation(Device.CPU, new Threads(2), false, false, false),
        new TrainedImages(60_000, "0123", Optional.empty(), false, 0, Optional.empty()),
        step,
        150);
  }

  /** As it is saved. */
  public ModelInSession inSession() {
    return ModelInSession.of(vae, session);
  }

  /** The graph whose variables it has. */
  public VaeGraph vae() {
    return vae;
  }

  /** The session that holds them. */
  public Session session() {
    return session;
  }

  /** Gives a variable values. */
  public void assign(Variable<TFloat32> variable, float[] value) {
    Variables.assign(session, variable, value);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
