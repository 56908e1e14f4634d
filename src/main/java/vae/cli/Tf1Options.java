package vae.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import vae.checkpoint.Tf1Checkpoint;
import vae.files.ModelException;

/** The options of the commands that read a TF1 model. */
final class Tf1Options {
  @Option(
      names = "--meta",
      paramLabel = "FILE",
      description = "The meta graph (default: PREFIX.meta).")
  private Optional<Path> meta;

  /** The meta graph's file, if it was named. */
  Optional<Path> meta() {
    return meta;
  }

  /**
   * Finds the files; says which checkpoint of a folder is taken.
   *
   * @param prefix what saver.save was given, or the folder, or a frozen graph's file
   * @throws ModelException if the folder has no TF1 model, or several
   */
  Tf1Checkpoint checkpoint(Path prefix) throws ModelException {
    Tf1Checkpoint found = Tf1Checkpoint.find(prefix);
    if (!found.equals(Tf1Checkpoint.at(prefix))) {
      System.err.println("taking " + found.prefix());
    }
    return meta.map(found::withMeta).orElse(found);
  }
}
