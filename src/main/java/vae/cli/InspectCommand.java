package vae.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.storage.Durable;
import vae.storage.LoadedModel;

/** {@code inspect}: "let us see what was saved", as the tutorial does after restoring. */
@Command(
    name = "inspect",
    description = "Show a saved model's signatures, collections and variables.")
final class InspectCommand implements Callable<Integer> {
  @Mixin private ModelOptions common;

  @Option(names = "--json", description = "Write JSON for programs.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write to a file instead of standard output.")
  private Optional<Path> out;

  @Override
  public Integer call() throws IOException {
    try (LoadedModel model = common.model()) {
      Inspection inspection = Inspection.of(model);
      String text = json ? inspection.json() : inspection.text();
      if (out.isPresent()) {
        Durable.write(out.get(), text.getBytes(StandardCharsets.UTF_8));
      } else {
        System.out.print(text);
      }
      return ExitCode.OK;
    }
  }
}
