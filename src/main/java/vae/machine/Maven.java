package vae.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Maven that the user would start. */
public final class Maven {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Maven writes it in bold, with a terminal's escapes. */
  private static final Pattern VERSION = Pattern.compile("Apache Maven (\\d+[\\w.-]*)");

  private Maven() {}

  /** Its version; nothing if there is no {@code mvn} on the PATH. */
  public static Optional<String> version() throws IOException {
    Optional<String> text = ExternalProgram.ask("mvn", PATIENCE, "--version");
    return text.isPresent() ? Optional.of(version(text.get())) : Optional.empty();
  }

  /** From what {@code mvn --version} writes. */
  static String version(String text) throws IOException {
    Matcher version = VERSION.matcher(text);
    if (!version.find()) {
      throw new IOException("mvn --version names no version");
    }
    return version.group(1);
  }
}
