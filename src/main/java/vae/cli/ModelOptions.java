package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import vae.config.ClassNames;
import vae.config.Device;
import vae.functions.Batching;
import vae.metagraph.AllowedOps;
import vae.runtime.Background;
import vae.storage.LoadedModel;
import vae.storage.StoredModel;

/** The options of the commands that load a model. */
class ModelOptions extends CommonOptions.WithModels {
  @Option(
      names = "--allow-op",
      paramLabel = "NAME",
      description =
          "Allow this op type or function, which may read or write files, in the model's"
              + " graph. May be repeated. See SECURITY.md.")
  private List<String> allowed = List.of();

  /** The same for the commands that make images of codes, by any signature. */
  static final class OfGenerator extends ModelOptions {
    @Option(
        names = "--signature",
        paramLabel = "NAME",
        description =
            "The signature that makes images of a code (default: generate, else the only one that"
                + " does).")
    private Optional<String> signature;

    @Override
    Optional<String> generator() {
      return signature;
    }

    /**
     * The number of a class.
     *
     * @param option where its name was typed, for the message
     */
    int label(ClassNames classes, String option, String name) {
      String expected = option + "expected one of %s, found %s";
      return classes
          .find(name)
          .orElseThrow(() -> refused(expected.formatted(String.join(", ", classes.names()), name)));
    }
  }

  /** The signature that makes images of a code, if one was named. */
  Optional<String> generator() {
    return Optional.empty();
  }

  /**
   * Loads the model asked for; says so if nothing but TensorFlow has checked it.
   *
   * @return the model, which the caller closes
   * @throws IOException if there is none, or it is damaged
   */
  final LoadedModel model() throws IOException {
    Path folder = store().newest();
    var reading = Background.start("model", () -> StoredModel.read(folder, allowedOps()));
    Device device = startTensorFlow();
    return load(reading.finish(), device);
  }

  /** Loads a model's folder, with TensorFlow started; the same is said. */
  final LoadedModel load(Path folder, Device device) throws IOException {
    return load(StoredModel.read(folder, allowedOps()), device);
  }

  private LoadedModel load(StoredModel stored, Device device) throws IOException {
    LoadedModel model = stored.load(device, generator());
    if (stored.isOfTensorFlow2()) {
      System.err.printf("note: %s is a SavedModel of TensorFlow 2%n", stored.folder());
    }
    stored
        .needed()
        .leftOut()
        .forEach((key, why) -> System.err.printf("note: signature %s left out: %s%n", key, why));
    if (model.manifest().isEmpty()) {
      System.err.printf(
          "note: %s has no manifest, and can't be checked for damage%n", model.source());
    }
    noteBatches(model);
    return model;
  }

  /** Says of each function of a fixed batch that it takes any number of rows all the same. */
  static void noteBatches(LoadedModel model) {
    for (String key : model.signatures().keySet()) {
      if (model.batching(key).kind() == Batching.Kind.FIXED) {
        System.err.printf(
            "note: %s takes %d rows at a time: more are cut, fewer filled up%n",
            key, model.batching(key).rows());
      }
    }
  }

  /** What a graph may have. */
  final AllowedOps allowedOps() {
    return AllowedOps.STANDARD.with(allowed);
  }
}
