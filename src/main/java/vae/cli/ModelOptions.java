package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import vae.config.Device;
import vae.functions.Batching;
import vae.metagraph.AllowedOps;
import vae.runtime.Background;
import vae.storage.LoadedModel;
import vae.storage.StoredModel;

/** The options of the commands that load a model. */
final class ModelOptions extends CommonOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--allow-op",
      paramLabel = "NAME",
      description =
          "Allow this op type or function, which may read or write files, in the model's"
              + " graph. May be repeated. See SECURITY.md.")
  private List<String> allowed = List.of();

  /**
   * Loads the model asked for; says so if nothing but TensorFlow has checked it.
   *
   * @return the model, which the caller closes
   * @throws IOException if there is none, or it is damaged
   */
  LoadedModel model() throws IOException {
    return model(Optional.empty());
  }

  /**
   * The same with the signature known that makes images of a code.
   *
   * @param generator its key; nothing to have it looked for
   */
  LoadedModel model(Optional<String> generator) throws IOException {
    Path folder = store().newest();
    var reading = Background.start("model", () -> StoredModel.read(folder, allowedOps()));
    Device device = startTensorFlow();
    StoredModel stored = reading.finish();
    return noted(stored, stored.load(device, generator));
  }

  /** Loads a model's folder, with TensorFlow started; the same is said. */
  LoadedModel load(Path folder, Device device) throws IOException {
    return load(folder, device, Optional.empty());
  }

  /** The same with the signature known that makes images of a code. */
  LoadedModel load(Path folder, Device device, Optional<String> generator) throws IOException {
    StoredModel stored = StoredModel.read(folder, allowedOps());
    return noted(stored, stored.load(device, generator));
  }

  private static LoadedModel noted(StoredModel stored, LoadedModel model) {
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

  /** The command whose options these are. */
  CommandSpec spec() {
    return command;
  }

  /** What a graph may have. */
  AllowedOps allowedOps() {
    return AllowedOps.STANDARD.with(allowed);
  }
}
