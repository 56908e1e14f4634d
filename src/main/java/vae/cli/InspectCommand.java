package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.storage.LoadedModel;

/** {@code inspect}: "let us see what was saved", as the tutorial does after restoring. */
@Command(
    name = "inspect",
    description = "Show a saved model's signatures, collections and variables.")
final class InspectCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(names = "--json", description = "Write JSON for programs.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path folder = common.store().newest();
    try (LoadedModel model = LoadedModel.open(folder, common.startTensorFlow())) {
      Inspection inspection = Inspection.of(model);
      if (json) {
        inspection.writeJson(System.out);
      } else {
        inspection.writeText(System.out);
      }
      return ExitCode.OK;
    }
  }
}
