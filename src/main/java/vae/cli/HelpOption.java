package vae.cli;

import picocli.CommandLine.Option;

/** The option that every command has, the program itself too. */
abstract class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it.
  private boolean help;
}
