package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.imports.Tf1Survey;
import vae.metagraph.MetaGraphException;
import vae.report.Inspection;
import vae.report.SurveyReport;
import vae.storage.LoadedModel;
import vae.storage.StoredModel;

/** {@code inspect}: "let us see what was saved", as the tutorial does after restoring. */
@Command(
    name = "inspect",
    description =
        "Show a saved model's signatures, collections and variables. With PREFIX, show"
            + " what is in a TF1 model (.meta and checkpoint, or a frozen .pb) and how to"
            + " import it.")
final class InspectCommand implements Callable<Integer> {
  @Mixin private ModelOptions common;
  @Mixin private Tf1Options tf1;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PREFIX",
      description =
          "What saver.save was given, its folder, or a frozen graph's .pb. Nothing in it is"
              + " run.")
  private Optional<Path> prefix;

  @Option(names = "--json", description = "Write JSON for programs.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write to a file instead of standard output.")
  private Optional<Path> out;

  @Override
  public Integer call() throws IOException {
    if (prefix.isPresent()) {
      return survey(prefix.get());
    }
    if (tf1.meta().isPresent()) {
      throw common.refused("--meta: expected a PREFIX beside it, found none");
    }
    Path folder = common.store().newest();
    try (LoadedModel model = common.model()) {
      Inspection inspection = Inspection.of(model);
      print(json ? inspection.json() : inspection.text());
      return ExitCode.OK;
    } catch (ModelException e) {
      if (e.getCause() instanceof MetaGraphException) {
        Map<String, String> obstacles = StoredModel.obstacles(folder, common.allowedOps());
        print(json ? Inspection.json(folder, obstacles) : Inspection.text(obstacles));
      }
      throw e;
    }
  }

  private int survey(Path path) throws IOException {
    if (common.isGiven("--saved-model")) {
      throw common.refused("PREFIX and --saved-model: expected one of them, found both");
    }
    common.startTensorFlow();
    var report = new SurveyReport(Tf1Survey.read(tf1.checkpoint(path)), tf1.meta());
    print(json ? report.json() : report.text());
    return ExitCode.OK;
  }

  private void print(String text) throws IOException {
    if (out.isPresent()) {
      AtomicFile.write(out.get(), text);
    } else {
      System.out.print(text);
    }
  }
}
