package vae.imports;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import vae.files.ModelException;
import vae.functions.ModelSignature.NamedTensor;
import vae.functions.VaeFunctions;
import vae.storage.LoadedModel;
import vae.tensor.ElementType;
import vae.tensor.Values;
import vae.tf1.Tf1Names;

/** Runs a model before it is published. */
public final class TrialRun {
  private static final int[] BATCHES = {1, 3};

  private TrialRun() {}

  /**
   * Decodes and reconstructs batches of several sizes. A decoder must take any number of z's; that
   * the images come in batches of one size only is told, since generating doesn't need them.
   *
   * @return why it can't reconstruct any number of images; nothing if it can, or has no such
   *     function
   * @throws ModelException if it can't decode any number of z's
   */
  public static Optional<String> of(LoadedModel model) throws ModelException {
    VaeFunctions vae = model.vae().given(zeros(model.vae().others()));
    for (int batch : BATCHES) {
      vae.generate(Values.of(new float[batch][vae.latentSize()]));
    }
    if (!model.signatures().containsKey(Tf1Names.SERVING_DEFAULT)) {
      return Optional.empty();
    }
    try {
      for (int batch : BATCHES) {
        Values images = Values.of(new float[batch][vae.inputSize()]);
        vae.reconstruct(images);
        vae.codes(images);
      }
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "));
    }
  }

  /** A row for each of a model's other inputs. */
  private static Map<String, Values> zeros(SortedMap<String, NamedTensor> inputs) {
    Map<String, Values> zeros = new TreeMap<>();
    inputs.forEach(
        (name, input) -> {
          ElementType type = input.type().orElse(ElementType.FLOAT);
          Values one = Values.empty(type, input.rowShape().orElse(new int[0]));
          zeros.put(name, input.rows().isPresent() ? one.asRow() : one);
        });
    return zeros;
  }
}
