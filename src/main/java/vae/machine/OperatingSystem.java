package vae.machine;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system, as Java and {@code /etc/os-release} name it.
 *
 * @param version of its kernel
 * @param architecture such as {@code amd64}
 * @param distribution such as {@code Debian GNU/Linux 12 (bookworm)}, where it is known
 */
public record OperatingSystem(
    String name, String version, String architecture, Optional<String> distribution) {
  private static final Pattern PRETTY_NAME =
      Pattern.compile("^PRETTY_NAME=([\"']?)(.+)\\1$", Pattern.MULTILINE);

  public static OperatingSystem current() {
    return new OperatingSystem(
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"),
        SystemFile.read("/etc/os-release")
            .or(() -> SystemFile.read("/usr/lib/os-release"))
            .flatMap(OperatingSystem::distribution));
  }

  public boolean isLinux() {
    return name.equals("Linux");
  }

  public boolean isX86() {
    return architecture.equals("amd64") || architecture.equals("x86_64");
  }

  /** The name in an {@code os-release} file (freedesktop.org's). */
  static Optional<String> distribution(String osRelease) {
    Matcher name = PRETTY_NAME.matcher(osRelease);
    // Within quotes a backslash stands before a quote, a dollar, a backslash.
    return name.find() ? Optional.of(name.group(2).replaceAll("\\\\(.)", "$1")) : Optional.empty();
  }
}
