package vae.cli;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that commands mix in, and can tell what was typed of them from what is by default. */
abstract class OptionGroup {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Whether an option was typed. */
  final boolean isGiven(String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** What a command throws for options that are wrong or don't go together. */
  final ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Refuses a number that is out of its range. */
  final void requireBetween(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw refused(
          "%s must be between %,d and %,d, found %,d".formatted(option, least, most, value));
    }
  }

  /** Refuses an option that would make another training of the one that is to go on. */
  final void requireSame(String option, Object found, Object expected) {
    if (isGiven(option) && !found.equals(expected)) {
      throw refused(
          "%s: expected %s, which the training to be resumed has, found %s"
              .formatted(option, expected, found));
    }
  }

  /** The same of an option that has no value unless it was typed. */
  final void requireSame(String option, Optional<?> found, Object expected) {
    if (found.isPresent()) {
      requireSame(option, found.get(), expected);
    }
  }
}
