package vae.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import vae.config.Device;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.MnistFiles;
import vae.runtime.TensorFlowStartup;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.Values;
import vae.train.StepReport;
import vae.training.RunListener;
import vae.training.Training;
import vae.training.TrainingData;

/**
 * The tutorial's training program as a Java program would have it: train on MNIST for some steps,
 * publish the model, and generate with it.
 *
 * <pre>{@code
 * mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *   -Dexec.mainClass=vae.examples.TrainOnTheJvm -Dexec.args="mnist saved_model 500"
 * }</pre>
 */
public final class TrainOnTheJvm {
  private TrainOnTheJvm() {}

  /** Takes MNIST's folder, the folder of models, and the number of steps. */
  public static void main(String[] args) throws IOException {
    TensorFlowStartup.run(Device.CPU, false);
    Images images = new MnistFiles(Path.of(args[0])).train();
    TrainingPlan plan =
        TrainingPlan.tutorial(new Seed(1)).continued(Integer.parseInt(args[2]), 100);
    Training training =
        new Training(
            plan,
            TensorFlowStartup.computation(Device.CPU, Threads.auto()),
            TrainingData.of(images),
            new ModelStore(Path.of(args[1])));
    Training.Outcome outcome = training.run(new Losses(), () -> false);
    Path published = outcome.published().orElseThrow();
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      Values digit = model.vae().generate(Values.of(new float[][] {{0.5f, -1}}));
      System.out.printf("%s: %d pixels in [0, 1]%n", published, digit.rowSize());
    }
  }

  /** Prints what is logged. */
  private static final class Losses implements RunListener {
    @Override
    public void onStep(StepReport report, Optional<Float> heldOut) {
      report
          .logged()
          .ifPresent(logged -> System.out.printf("step %d: %.1f%n", report.step(), logged.loss()));
    }
  }
}
