package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import vae.storage.LoadedModel;

/** {@code export-meta}: {@code saver.save(sess,'./VAE_mnist_model/VAE_mnist')}. */
@Command(
    name = "export-meta",
    description =
        "Write a saved model as TF1's saver does: .meta, .index, .data and the file checkpoint.")
final class ExportMetaCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PREFIX",
      defaultValue = "VAE_mnist_model/VAE_mnist",
      description = "What saver.restore will be given (default: ${DEFAULT-VALUE}).")
  private Path prefix;

  @Override
  public Integer call() throws IOException {
    Path folder = common.store().newest();
    try (LoadedModel model = LoadedModel.open(folder, common.startTensorFlow())) {
      model.export(prefix);
      System.err.printf("saved %s.meta and its checkpoint, from %s%n", prefix, folder);
      return ExitCode.OK;
    }
  }
}
