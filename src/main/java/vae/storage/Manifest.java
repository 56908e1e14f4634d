package vae.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.TensorFlow;
import vae.files.FileSums;
import vae.files.JsonFields;
import vae.files.ModelException;
import vae.files.SealedJson;

/**
 * What a model's folder should hold, {@code assets.extra/manifest.json}, and where it comes from.
 * Checked before TensorFlow reads a file, since TensorFlow takes many damaged ones.
 *
 * @param files all of the folder's but this one
 * @param training how it was trained, if it was trained here
 * @param golden an image that it decoded when it was published; nothing if it makes none
 */
public record Manifest(
    FileSums files, Optional<TrainingRecord> training, Optional<GoldenImage> golden) {
  static final String FILE = "assets.extra/manifest.json";

  private static final int SCHEMA = 1;

  /**
   * Writes one for what a folder holds.
   *
   * @throws IOException if a file can't be read, or this one not be written
   */
  static void write(Path folder, Optional<TrainingRecord> training, Optional<GoldenImage> golden)
      throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("program", program());
    json.put("tensorflow", TensorFlow.version());
    json.put("files", FileSums.of(folder, filesIn(folder)).toJson());
    training.ifPresent(record -> json.put("training", record.toJson()));
    golden.ifPresent(image -> json.put("golden", image.toJson()));
    Path file = folder.resolve(FILE);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    SealedJson.write(json, file);
  }

  /**
   * Checks a model's folder against its manifest. Files that it does not name are let be.
   *
   * @return the manifest; nothing if there is none, as with a model of another program's
   * @throws ModelException if the manifest is damaged, or a file is missing or not what it says
   */
  public static Optional<Manifest> check(Path folder) throws ModelException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Manifest manifest = read(file);
    manifest.files().check(folder);
    return Optional.of(manifest);
  }

  private static Manifest read(Path file) throws ModelException {
    JsonFields json = SealedJson.read(file);
    try {
      int schema = json.integer("schema");
      if (schema != SCHEMA) {
        throw new ModelException(
            file, "expected schema %d, found %d: of another version".formatted(SCHEMA, schema));
      }
      return new Manifest(
          FileSums.of(json.object("files")),
          json.optional("training").map(TrainingRecord::of),
          json.optional("golden").map(GoldenImage::of));
    } catch (IllegalArgumentException e) {
      throw new ModelException(file, "expected a manifest, found " + e.getMessage(), e);
    }
  }

  /** The jar's manifest holds the version; classes in a folder have none. */
  private static String program() {
    String version = Manifest.class.getPackage().getImplementationVersion();
    return "vae " + (version == null ? "from its classes" : version);
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }
}
