package vae.cli;

/** What the program's exit codes mean; docs/options.md tells its users the same. */
final class ExitCode {
  static final int OK = 0;

  /** A fault of the program's own. */
  static final int INTERNAL = 1;

  /** Unknown or wrong options. */
  static final int USAGE = 2;

  /** A data file is missing or corrupt. */
  static final int DATA = 3;

  /** There is no model, or it is not what was expected. */
  static final int MODEL = 4;

  /** Something can't be written. */
  static final int OUTPUT = 5;

  /** The device asked for is not there. */
  static final int DEVICE = 6;

  /** Training came to a loss that is not finite. */
  static final int DIVERGED = 7;

  /** Stopped by Ctrl-C, as shells count it; SIGTERM gives 143 by way of the JVM. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
