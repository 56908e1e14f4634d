package vae.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Computation;
import vae.config.Device;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.files.FileSums;
import vae.files.ModelException;
import vae.testing.SmallModel;

class ManifestTest {
  @TempDir private static Path base;
  private static Path published;
  @TempDir private Path elsewhere;

  @BeforeAll
  static void publish() throws IOException {
    try (SmallModel model = new SmallModel(1)) {
      published = model.publish(base);
    }
  }

  @Test
  void namesEveryFileButItself() throws IOException {
    Manifest manifest = Manifest.check(published).orElseThrow();
    assertThat(manifest.files().files().keySet())
        .containsExactly(
            "saved_model.pb",
            "variables/variables.data-00000-of-00001",
            "variables/variables.index");
    assertThat(files(published)).hasSize(4);
    assertThat(manifest.training()).isEmpty();
  }

  /** The checksum can be had without this program. */
  @Test
  void itsSumIsThatOfAllButTheFirstTwoLines() throws Exception {
    Path file = published.resolve(Manifest.FILE);
    Process shell =
        new ProcessBuilder("sh", "-c", "tail -n +3 \"$0\" | sha256sum", file.toString()).start();
    String sum =
        new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
            .substring(0, 64);
    assertThat(Files.readAllLines(file).get(1)).contains("\"checksum\" : \"" + sum + "\"");
  }

  @Test
  void tellsHowTheModelWasTrained() throws IOException {
    var record =
        new TrainingRecord(
            TrainingPlan.tutorial(new Seed(-7)),
            new Computation(Device.GPU, new Threads(3), true, true, true),
            new TrainedImages(
                60_000, "0123", Optional.of(Path.of("a list.txt")), true, 0, Optional.empty()),
            30_000,
            147.25f);
    Path folder = Files.createDirectory(elsewhere.resolve("model"));
    float[] values = {0.1f, Float.MIN_VALUE, 1 / 3f};
    Manifest.write(folder, Optional.of(record), Optional.of(new GoldenImage(values, values)));
    Manifest read = Manifest.check(folder).orElseThrow();
    assertThat(read.training()).contains(record);
    assertThat(read.golden().orElseThrow().image()).containsExactly(values);
  }

  /** What of a file is damaged, chaos.DamagedFilesTest tries by the thousand. */
  @Test
  void aMissingFileIsRefused() throws IOException {
    for (String name : Manifest.check(published).orElseThrow().files().files().keySet()) {
      Path copy = copy();
      Files.delete(copy.resolve(name));
      assertThatThrownBy(() -> LoadedModel.open(copy, Device.CPU))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(copy.resolve(name) + ": ")
          .hasNoCause();
    }
  }

  @Test
  void anUnknownSchemaIsRefused() throws IOException {
    Path copy = copy();
    Path file = copy.resolve(Manifest.FILE);
    List<String> lines = Files.readAllLines(file);
    String rest = String.join("\n", lines.subList(2, lines.size()));
    String newer = rest.replace("\"schema\" : 1", "\"schema\" : 2");
    String sum = FileSums.sha256(newer.getBytes(StandardCharsets.UTF_8), 0);
    Files.writeString(file, "{\n  \"checksum\" : \"" + sum + "\",\n" + newer);
    assertThatThrownBy(() -> Manifest.check(copy)).hasMessageContaining("schema 1, found 2");
  }

  @Test
  void aModelWithoutOneLoads() throws IOException {
    Path copy = copy();
    Files.delete(copy.resolve(Manifest.FILE));
    try (LoadedModel model = LoadedModel.open(copy, Device.CPU)) {
      assertThat(model.manifest()).isEmpty();
      assertThatThrownBy(() -> GoldenImage.require(model)).isInstanceOf(ModelException.class);
    }
  }

  @Test
  void theGoldenImageIsDecodedAgain() throws IOException {
    try (LoadedModel model = LoadedModel.open(published, Device.CPU)) {
      assertThat(GoldenImage.require(model).orElseThrow()).isLessThan(1e-6);
    }
  }

  /** Whole files, but of two models. */
  @Test
  void anotherModelsVariablesAreRefused() throws IOException {
    Path copy = copy();
    try (SmallModel other = new SmallModel(2)) {
      Path variables = other.publish(elsewhere.resolve("other")).resolve("variables");
      FileUtils.copyDirectory(variables.toFile(), copy.resolve("variables").toFile());
    }
    assertThatThrownBy(() -> Manifest.check(copy)).hasMessageContaining("variables");
    Optional<GoldenImage> golden = Manifest.check(published).orElseThrow().golden();
    Files.delete(copy.resolve(Manifest.FILE));
    Manifest.write(copy, Optional.empty(), golden);
    try (LoadedModel model = LoadedModel.open(copy, Device.CPU)) {
      assertThatThrownBy(() -> GoldenImage.require(model))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("differs by");
    }
  }

  private Path copy() throws IOException {
    Path copy = elsewhere.resolve("copy");
    FileUtils.deleteDirectory(copy.toFile());
    FileUtils.copyDirectory(published.toFile(), copy.toFile());
    return copy;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    }
  }
}
