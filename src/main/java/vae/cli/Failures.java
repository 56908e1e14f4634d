package vae.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.tensorflow.exceptions.TensorFlowException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import vae.mnist.CorruptFileException;
import vae.storage.ModelException;
import vae.storage.WriteException;
import vae.train.NonFiniteLossException;

/** Turns what went wrong into one line for a person and an exit code for a program. */
final class Failures {
  private Failures() {}

  /** Handles wrong options: one line, and where the right ones are told. */
  static int onUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    print(command, String.valueOf(e.getMessage()));
    command.getErr().printf("See %s --help%n", command.getCommandSpec().qualifiedName());
    return ExitCode.USAGE;
  }

  /** Handles what a command threw: one line; with {@code -v} the stack trace too. */
  static int onFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    print(command, line(e));
    if (command.getParseResult().hasMatchedOption("--verbose")) {
      e.printStackTrace(command.getErr());
    }
    return code(e);
  }

  private static void print(CommandLine command, String message) {
    command.getErr().println("error: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
  }

  private static int code(Exception e) {
    if (e instanceof ModelException) {
      return ExitCode.MODEL;
    }
    if (e instanceof WriteException) {
      return ExitCode.OUTPUT;
    }
    if (e instanceof CorruptFileException || e instanceof FileSystemException) {
      return ExitCode.DATA;
    }
    if (e instanceof DeviceUnavailableException) {
      return ExitCode.DEVICE;
    }
    if (e instanceof NonFiniteLossException) {
      return ExitCode.DIVERGED;
    }
    return ExitCode.INTERNAL;
  }

  private static String line(Exception e) {
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    if (e instanceof IOException
        || e instanceof DeviceUnavailableException
        || e instanceof NonFiniteLossException) {
      return String.valueOf(e.getMessage());
    }
    // Not all of TensorFlow-Java's exceptions are TensorFlowExceptions.
    boolean tensorFlows = e.getClass().getPackage().equals(TensorFlowException.class.getPackage());
    String kind = tensorFlows ? "TensorFlow failed" : "internal error";
    return "%s: %s (-v shows where)".formatted(kind, e);
  }
}
