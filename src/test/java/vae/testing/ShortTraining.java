package vae.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A training of the preset best that takes seconds, and knows its digits roughly. */
public final class ShortTraining {
  private ShortTraining() {}

  /**
   * Trains, and publishes the model as the folder's first.
   *
   * @param more options
   */
  public static Output of(Path models, Object... more) {
    List<Object> command = new ArrayList<>(List.of("train", "--preset", "best", "--seed", 3));
    command.addAll(List.of("--hidden", 64, "--steps", 1_500, "--batch-size", 64));
    command.addAll(List.of("--learning-rate", 0.01, "--log-every", 500, "--saved-model", models));
    command.addAll(List.of(more));
    return Output.ofSuccess(command.toArray());
  }
}
