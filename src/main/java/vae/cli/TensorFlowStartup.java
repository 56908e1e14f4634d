package vae.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import vae.model.Sessions;

/**
 * Starts TensorFlow. What native code then writes about itself to standard error is kept away from
 * the user, who can do nothing about it, unless it fails.
 */
final class TensorFlowStartup {
  private TensorFlowStartup() {}

  /** Starts TensorFlow. On Windows, and with {@code verbose}, nothing is kept away. */
  static void run(boolean verbose) {
    NativeLibraryJar.announceUnpacking();
    if (verbose || !LibC.isThere()) {
      Sessions.runFirst();
      return;
    }
    LibC libc = LibC.load();
    // The user's own setting stands.
    libc.setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0);
    try {
      Path log = Files.createTempFile("tensorflow-", ".log");
      try {
        runSilenced(libc, log);
      } finally {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("can't use a temporary file", e);
    }
  }

  private static void runSilenced(LibC libc, Path log) throws IOException {
    int terminal = libc.dup(LibC.STDERR);
    int file = libc.open(log.toString(), LibC.O_WRONLY);
    boolean done = false;
    libc.dup2(file, LibC.STDERR);
    try {
      Sessions.runFirst();
      done = true;
    } finally {
      libc.dup2(terminal, LibC.STDERR);
      libc.close(file);
      libc.close(terminal);
      if (!done) {
        System.err.print(Files.readString(log));
      }
    }
  }
}
