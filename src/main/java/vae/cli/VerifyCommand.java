package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import vae.files.ModelException;
import vae.storage.GoldenImage;
import vae.storage.LoadedModel;
import vae.storage.Manifest;
import vae.storage.ModelStore;
import vae.storage.StoredModel;
import vae.storage.TrainingRecord;

/** {@code verify}: whether a model is what was published. */
@Command(
    name = "verify",
    description =
        "Check a saved model's files against its manifest before TensorFlow reads them."
            + " Then decode the manifest's z and compare the image.")
final class VerifyCommand implements Callable<Integer> {
  @Mixin private ModelOptions common;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      description = "The same as --saved-model DIR.")
  private Optional<Path> dir = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Path folder = dir.map(ModelStore::new).orElse(common.store()).newest();
    StoredModel stored = StoredModel.read(folder, common.allowedOps());
    Manifest manifest =
        stored
            .manifest()
            .orElseThrow(
                () ->
                    new ModelException(
                        folder, "expected a manifest to verify it against, found none"));
    System.out.printf(
        "%s: %d files, %,d bytes, as the manifest says%n",
        folder, manifest.files().count(), manifest.files().bytes());
    manifest.training().ifPresent(VerifyCommand::print);
    try (LoadedModel model = stored.load(common.startTensorFlow())) {
      OptionalDouble difference = GoldenImage.require(model);
      if (difference.isPresent()) {
        System.out.printf(
            "decodes as when it was published, largest difference %.1e%n",
            difference.getAsDouble());
      } else {
        System.out.println("makes no images, so that none was compared");
      }
      return ExitCode.OK;
    }
  }

  private static void print(TrainingRecord training) {
    System.out.printf(
        "trained %s, seed %d, threads %d, %,d images; loss at step %,d: %.4f%n",
        training.plan().shape(),
        training.plan().seed().value(),
        training.computation().threads().count(),
        training.images().count(),
        training.step(),
        training.loss());
  }
}
