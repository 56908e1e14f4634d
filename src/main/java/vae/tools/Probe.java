package vae.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import vae.config.Seed;
import vae.files.AtomicFile;
import vae.functions.Posterior;
import vae.mnist.Images;
import vae.report.Csv;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** What a model computes here, for another program to compare with. */
public final class Probe {
  private static final int ROWS = 16;

  /** Fixed: two runs are to write the same inputs. */
  private static final Seed SEED = new Seed(1);

  private Probe() {}

  /**
   * Writes inputs and results as CSV files, and the model's folder as {@code model.txt}.
   *
   * @param images at least 16
   */
  public static void write(LoadedModel model, Images images, Path out) throws IOException {
    float[][] x = images.rows(ROWS);
    float[][] epsilon = noise(0, ROWS, model.vae().latentSize());
    float[][] noise = noise(1, ROWS, model.vae().latentSize());
    Posterior posterior = model.vae().encode(Values.of(x));

    write(out, "x", x);
    write(out, "epsilon", epsilon);
    write(out, "noise", noise);
    write(out, "z_mean", posterior.zMean());
    write(out, "z_std", posterior.zStd());
    write(out, "recon", model.vae().reconstruct(Values.of(x), Values.of(epsilon)).matrix());
    write(out, "generated", model.vae().generate(Values.of(noise)).matrix());
    AtomicFile.write(out.resolve("model.txt"), model.source().toAbsolutePath() + "\n");
  }

  /** Noise, [count][columns]. */
  static float[][] noise(int index, int count, int columns) {
    float[] values = new float[count * columns];
    SEED.fillNormal(Seed.Purpose.PROBE, index, values);
    float[][] rows = new float[count][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(values, i * columns, (i + 1) * columns));
    return rows;
  }

  private static void write(Path out, String name, float[][] rows) throws IOException {
    AtomicFile.write(out.resolve(name + ".csv"), Csv.of(rows));
  }
}
