package vae.testing;

import java.io.IOException;
import java.nio.file.Path;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.TrainingPlan;
import vae.model.Sessions;
import vae.model.VaeGraph;
import vae.storage.ModelStore;
import vae.storage.SavedModelWriter;

/** An untrained model of a small network, quick to publish. */
public final class SmallModel implements AutoCloseable {
  public static final NetworkShape SHAPE = new NetworkShape(16, 8, 2);

  private final Graph graph = new Graph();
  private final VaeGraph vae;
  private final Session session;

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
  }

  public Path publish(Path base) throws IOException {
    return new ModelStore(base).publish(this::write);
  }

  public void write(Path folder) throws IOException {
    SavedModelWriter.write(vae, session, folder);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
