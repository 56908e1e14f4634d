package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.NetworkShape;
import vae.testing.Output;
import vae.testing.PythonModels;
import vae.testing.SmallModel;

/** Models that {@code explore} can't show, or can't export. */
class ExploreModelsTest {
  @TempDir private Path folder;

  /** The page of a convolutional model needs the server. */
  @Test
  void whatOnlyTheServerComputesIsNotExported() throws IOException {
    Path page = folder.resolve("page.html");
    assertRefused(
        "saved: expected a decoder of dense layers, tanh then sigmoid, as the tutorial's",
        "--export",
        page.toString(),
        "--saved-model",
        python("grey"));
    assertThat(page).doesNotExist();
  }

  @Test
  void largeImagesAreRefused() throws IOException {
    assertRefused(
        "expected images of up to 128×128 pixels ([h,w], [h,w,1], [h,w,3] or a square number of"
            + " values), found [136,132,3]",
        "--no-open",
        "--saved-model",
        python("large"));
  }

  @Test
  void valuesThatMakeNoPictureAreRefused() throws IOException {
    Path models = folder.resolve("models");
    try (var model = new SmallModel(new NetworkShape(15, 8, 2), 3)) {
      model.publish(models);
    }
    Path page = folder.resolve("page.html");
    assertRefused(
        "values), found [15]", "--export", page.toString(), "--saved-model", models.toString());
    assertThat(page).doesNotExist();
  }

  private String python(String name) throws IOException {
    return PythonModels.of("make_image_vaes.py").resolve(name).resolve("saved").toString();
  }

  private static void assertRefused(String why, String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "explore";
    System.arraycopy(options, 0, args, 1, options.length);
    Output output = Output.of(args);
    assertThat(output.exitCode()).as(output.err()).isEqualTo(ExitCode.MODEL);
    assertThat(output.err().lines().filter(line -> line.startsWith("error: ")))
        .hasSize(1)
        .first()
        .asString()
        .contains(why);
  }
}
