package vae.cli;

import picocli.CommandLine.Option;

/** The option to hear more. */
class VerboseOption extends HelpOption {
  private boolean verbose;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show what TensorFlow says, and the stack trace of an error.")
  void setVerbose(boolean on) {
    verbose = on;
    if (on) {
      // Before any of our loggers is made.
      System.setProperty("org.slf4j.simpleLogger.log.vae", "debug");
    }
  }

  boolean verbose() {
    return verbose;
  }
}
