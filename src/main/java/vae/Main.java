package vae;

import java.util.Locale;
import vae.cli.VaeCommand;

/** Where the JVM starts. */
public final class Main {
  private Main() {}

  /** Runs the command given; the exit code tells how it went. */
  public static void main(String[] args) {
    // Numbers are written as the tutorial and other programs write them, wherever the user lives.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.setProperty("java.awt.headless", "true");
    int exitCode = VaeCommand.run(args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }
}
