package vae.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;
import vae.runtime.TensorFlowStartup;

/** What a report of a problem should name. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    // The jar's manifest holds it; classes in a folder have none.
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "vae %s, TensorFlow %s, Java %s"
          .formatted(
              Objects.requireNonNullElse(version, "from its classes"),
              TensorFlowStartup.version(),
              Runtime.version())
    };
  }
}
