package vae.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import vae.config.Device;
import vae.imports.Tf1Import;
import vae.metagraph.GraphHints;
import vae.storage.LoadedModel;
import vae.tensor.Values;
import vae.tf1.ListedVariable;

/**
 * The tutorial's test program as a Java program would have it: load a TF1 checkpoint, list its
 * trainable variables with their values, and run the decoder alone.
 *
 * <pre>{@code
 * mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *   -Dexec.mainClass=vae.examples.Tf1ModelOnTheJvm -Dexec.args=VAE_mnist_model/VAE_mnist
 * }</pre>
 */
public final class Tf1ModelOnTheJvm {
  private Tf1ModelOnTheJvm() {}

  /** Takes the prefix that was given to {@code saver.save}. */
  public static void main(String[] args) throws IOException {
    Tf1Import tf1 = Tf1Import.read(Path.of(args[0]), GraphHints.NONE);
    try (LoadedModel model = tf1.restore(Device.CPU)) {
      for (Map.Entry<ListedVariable, float[]> a : model.values("trainable_variables").entrySet()) {
        System.out.printf("%s %.4f …%n", a.getKey(), a.getValue()[0]);
      }
      float[][] noise = {{3, 3}, {0, 0}, {0, 5}};
      Values digits = model.vae().generate(Values.of(noise));
      for (int i = 0; i < noise.length; i++) {
        System.out.printf("z = %s: ", Arrays.toString(noise[i]));
        System.out.printf("%d pixels in [0, 1]%n", digits.rowSize());
      }
    }
  }
}
