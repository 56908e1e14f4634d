package vae.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import vae.files.ModelException;
import vae.files.WriteException;
import vae.mnist.DataException;
import vae.report.PlainText;
import vae.runtime.DeviceUnavailableException;
import vae.runtime.TensorFlowFailure;
import vae.train.DivergedException;

/** Turns what went wrong into one line for a person and an exit code for a program. */
final class Failures {
  private Failures() {}

  /** Wrong options: one line, with what was meant perhaps, and where the right ones are told. */
  static int onUsage(ParameterException e, String[] args) {
    List<String> like =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    print(
        e.getMessage() + (like.isEmpty() ? "" : "; did you mean " + String.join(", ", like) + "?"));
    System.err.printf("See %s --help%n", e.getCommandLine().getCommandSpec().qualifiedName());
    return ExitCode.USAGE;
  }

  /**
   * Handles what a command threw: one line, and one more for each bad line of an image list; with
   * {@code -v} the stack trace too.
   */
  static int onFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    int code = code(e);
    print(code == ExitCode.INTERNAL ? internal(e) : String.valueOf(e.getMessage()));
    if (e instanceof DataException data) {
      data.details().forEach(detail -> System.err.println("  " + PlainText.line(detail)));
    }
    if (command.getParseResult().hasMatchedOption("--verbose")) {
      e.printStackTrace();
    }
    return code;
  }

  /** Handles what stops the JVM from doing its work. */
  static int onError(Error e) {
    if (e instanceof OutOfMemoryError) {
      print("Java's memory is used up (" + e.getMessage() + "); -Xmx gives it more");
    } else {
      // The message names the library and the system's reason.
      print("a library can't be loaded: " + e);
    }
    return ExitCode.INTERNAL;
  }

  /** Handles a folder that the program can't be started in. */
  static int onFolder(String problem) {
    print(problem);
    return ExitCode.USAGE;
  }

  /** Handles a standard output that did not take what was written. */
  static int onLostOutput() {
    print("standard output: can't write");
    return ExitCode.OUTPUT;
  }

  private static void print(String message) {
    System.err.println("error: " + PlainText.line(message));
  }

  private static int code(Exception e) {
    if (e instanceof DataException) {
      return ExitCode.DATA;
    }
    if (e instanceof ModelException) {
      return ExitCode.MODEL;
    }
    if (e instanceof WriteException || e instanceof ServerOptions.ListenException) {
      return ExitCode.OUTPUT;
    }
    if (e instanceof DeviceUnavailableException) {
      return ExitCode.DEVICE;
    }
    if (e instanceof DivergedException) {
      return ExitCode.DIVERGED;
    }
    return ExitCode.INTERNAL;
  }

  private static String internal(Exception e) {
    String kind = TensorFlowFailure.is(e) ? "TensorFlow failed" : "internal error";
    return "%s: %s (-v shows where)".formatted(kind, e);
  }
}
