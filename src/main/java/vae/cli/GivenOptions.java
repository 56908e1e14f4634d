package vae.cli;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What was typed, as against what is so by default.
 *
 * @param command whose options they are
 */
record GivenOptions(CommandSpec command) {

  /** Whether an option was typed. */
  boolean has(String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  /**
   * Refuses an option that would make another training of the one that is to go on.
   *
   * @throws ParameterException if it was typed, and is not what the training has
   */
  void requireSame(String option, Object found, Object expected) {
    if (has(option) && !found.equals(expected)) {
      throw refused(
          "%s: expected %s, which the training to be resumed has, found %s"
              .formatted(option, expected, found));
    }
  }

  /**
   * The same of an option that has no value unless it was typed.
   *
   * @throws ParameterException if it was typed, and is not what the training has
   */
  void requireSame(String option, Optional<?> found, Object expected) {
    if (found.isPresent()) {
      requireSame(option, found.get(), expected);
    }
  }

  ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
