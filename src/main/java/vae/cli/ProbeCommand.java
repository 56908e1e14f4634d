package vae.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Seed;
import vae.config.Seed.Purpose;
import vae.files.AtomicFile;
import vae.functions.Posterior;
import vae.mnist.Images;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code probe}: what a model computes here, for another program to compare with. */
@Command(
    name = "probe",
    hidden = true,
    description =
        "Write what a model computes for some test images and noise, as CSV files: the inputs"
            + " x, epsilon and noise, the results z_mean, z_std, recon and generated.")
final class ProbeCommand implements Callable<Integer> {
  private static final int ROWS = 16;

  /** Fixed: two runs are to write the same inputs. */
  private static final Seed SEED = new Seed(1);

  @Mixin private MnistOption mnist;
  @Mixin private ModelOptions common;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write the files into.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Images test = mnist.files().test();
    try (LoadedModel model = common.model()) {
      float[][] x = test.rows(ROWS);
      float[][] epsilon = normal(0, model.vae().latentSize());
      float[][] noise = normal(1, model.vae().latentSize());
      Posterior posterior = model.vae().encode(Values.of(x));

      write("x", x);
      write("epsilon", epsilon);
      write("noise", noise);
      write("z_mean", posterior.zMean());
      write("z_std", posterior.zStd());
      write("recon", model.vae().reconstruct(Values.of(x), Values.of(epsilon)).matrix());
      write("generated", model.vae().generate(Values.of(noise)).matrix());
      AtomicFile.write(
          out.resolve("model.txt"),
          (model.source().toAbsolutePath() + "\n").getBytes(StandardCharsets.UTF_8));
      return ExitCode.OK;
    }
  }

  private static float[][] normal(int index, int columns) {
    float[] values = new float[ROWS * columns];
    SEED.fillNormal(Purpose.PROBE, index, values);
    float[][] rows = new float[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  private void write(String name, float[][] rows) throws IOException {
    AtomicFile.write(out.resolve(name + ".csv"), Csv.encode(rows));
  }
}
