package consumer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import vae.config.Device;
import vae.imports.Tf1Import;
import vae.metagraph.GraphHints;
import vae.serve.Predictor;
import vae.serve.ServingException;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** What docs/library.md shows, with the library's own dependencies alone. */
public final class Consumer {
  private Consumer() {}

  /**
   * Calls a published model, and one of TF1's.
   *
   * @param args the folder of published models, and the prefix of a TF1 checkpoint
   */
  public static void main(String[] args) throws IOException, ServingException {
    Values noise = Values.of(new float[][] {{0.5f, -1}});
    float[] served;
    try (Predictor vae = Predictor.open(Path.of(args[0]))) {
      Values image = vae.predict("generate", Map.of("noise", noise)).get("image");
      vae.predict("encode", Map.of("image", image));
      served = image.matrix()[0];
    }
    Tf1Import tf1 = Tf1Import.read(Path.of(args[1]), GraphHints.NONE);
    try (LoadedModel model = tf1.restore(Device.CPU)) {
      float[] imported = model.vae().generate(noise).matrix()[0];
      for (int i = 0; i < served.length; i++) {
        if (served[i] != imported[i]) {
          throw new IllegalStateException("expected the same image of both models");
        }
      }
    }
    System.out.println("the library works");
  }
}
