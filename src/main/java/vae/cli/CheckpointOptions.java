package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import vae.files.ModelException;
import vae.storage.ModelStore;
import vae.training.CheckpointStore;
import vae.training.Checkpoints;

/** The options that tell what a training saves on its way, and from where it goes on. */
final class CheckpointOptions {
  private static final String FOLDER = "checkpoints";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "5000",
      description =
          "Steps between two checkpoints; 0 writes none (default: ${DEFAULT-VALUE}). The"
              + " folder checkpoints beside the models keeps the last five.")
  private int every;

  @Option(
      names = "--resume",
      description = "Continue from the newest checkpoint with its options. --steps may grow.")
  private boolean resume;

  /** How many times a training's variables lie on the disk when it is published, at most. */
  int copies() {
    return every == 0 ? 1 : 1 + CheckpointStore.MOST;
  }

  /**
   * Takes the folder of checkpoints.
   *
   * @throws ModelException if there is none to go on from
   * @throws IOException if another training has the folder, or it can't be written to
   */
  Checkpoints open(ModelStore models) throws IOException {
    if (every < 0) {
      throw new GivenOptions(command)
          .refused("--checkpoint-every must be 0 or more, found " + every);
    }
    Path folder = models.base().resolve(FOLDER);
    if (!resume) {
      return every == 0
          ? Checkpoints.none()
          : Checkpoints.anew(CheckpointStore.open(folder), every);
    }
    return Checkpoints.resumed(
        CheckpointStore.open(folder),
        every,
        damaged -> System.err.println("warning: left out: " + damaged.getMessage()));
  }
}
