package vae.storage;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tensorflow.TensorFlow;

/**
 * What a model's folder should hold, {@code assets.extra/manifest.json}, and where it comes from.
 * Checked before TensorFlow reads a file, since TensorFlow takes many damaged ones.
 *
 * <p>Its first field is the SHA-256 of all that follows that field's line, so that one may say
 * {@code tail -n +3 manifest.json | sha256sum}. It protects from accidents, not from somebody who
 * makes a new sum.
 *
 * @param files by their path within the folder
 * @param training how it was trained, if it was trained here
 * @param golden an image that it decoded when it was published
 */
public record Manifest(
    SortedMap<String, FileSum> files, Optional<TrainingRecord> training, GoldenImage golden) {
  static final String FILE = "assets.extra/manifest.json";

  private static final int SCHEMA = 1;
  private static final long MOST_BYTES = 16 << 20;
  private static final String START = "{\n  \"checksum\" : \"";
  private static final String AFTER_SUM = "\",\n";
  private static final int SUM_DIGITS = 64;

  /**
   * Writes one for what a folder holds.
   *
   * @throws IOException if a file can't be read, or this one not be written
   */
  static void write(Path folder, Optional<TrainingRecord> training, GoldenImage golden)
      throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("program", program());
    json.put("tensorflow", TensorFlow.version());
    Map<String, Object> files = new LinkedHashMap<>();
    for (Path file : filesIn(folder)) {
      FileSum sum = FileSum.of(file);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("bytes", sum.bytes());
      fields.put("sha256", sum.sha256());
      files.put(name(folder, file), fields);
    }
    json.put("files", files);
    training.ifPresent(record -> json.put("training", record.toJson()));
    json.put("golden", golden.toJson());
    String text =
        JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json).replace("\r\n", "\n");
    byte[] rest = text.substring("{\n".length()).getBytes(StandardCharsets.UTF_8);
    String whole =
        START + FileSum.sha256(rest, 0) + AFTER_SUM + new String(rest, StandardCharsets.UTF_8);
    Path file = folder.resolve(FILE);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, whole);
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
    for (var entry : manifest.files().entrySet()) {
      check(folder.resolve(entry.getKey()), entry.getValue());
    }
    return Optional.of(manifest);
  }

  /** What all files weigh. */
  public long bytes() {
    return files.values().stream().mapToLong(FileSum::bytes).sum();
  }

  private static void check(Path file, FileSum expected) throws ModelException {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          file,
          "expected %,d bytes, as the manifest says, found no file".formatted(expected.bytes()));
    }
    FileSum found;
    try {
      found = FileSum.of(file);
    } catch (IOException e) {
      throw new ModelException(file, "can't be read (" + e + ")", e);
    }
    if (found.bytes() != expected.bytes()) {
      throw new ModelException(
          file,
          "damaged: expected %,d bytes, found %,d".formatted(expected.bytes(), found.bytes()));
    }
    if (!found.sha256().equals(expected.sha256())) {
      throw new ModelException(
          file,
          "damaged: expected SHA-256 %s, found %s".formatted(expected.sha256(), found.sha256()));
    }
  }

  private static Manifest read(Path file) throws ModelException {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new ModelException(
            file, "expected at most %,d bytes, found %,d".formatted(MOST_BYTES, size));
      }
      byte[] bytes = Files.readAllBytes(file);
      requireSum(file, bytes);
      var json = new JsonFields(JSON.std.mapFrom(bytes));
      int schema = json.number("schema").intValue();
      if (schema != SCHEMA) {
        throw new ModelException(
            file, "expected schema %d, found %d: of another version".formatted(SCHEMA, schema));
      }
      SortedMap<String, FileSum> files = new TreeMap<>();
      JsonFields listed = json.object("files");
      for (Object name : listed.values().keySet()) {
        JsonFields sum = listed.object(name.toString());
        files.put(
            name.toString(), new FileSum(sum.number("bytes").longValue(), sum.text("sha256")));
      }
      return new Manifest(
          files,
          json.optional("training").map(TrainingRecord::of),
          GoldenImage.of(json.object("golden")));
    } catch (ModelException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelException(file, "expected a manifest, found " + e.getMessage(), e);
    }
  }

  private static void requireSum(Path file, byte[] bytes) throws ModelException {
    // Latin 1 gives each byte a letter.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int after = START.length() + SUM_DIGITS;
    if (!text.startsWith(START) || !text.startsWith(AFTER_SUM, after)) {
      throw new ModelException(file, "damaged: expected a manifest that begins with its checksum");
    }
    String expected = text.substring(START.length(), after);
    String found = FileSum.sha256(bytes, after + AFTER_SUM.length());
    if (!found.equals(expected)) {
      throw new ModelException(
          file, "damaged: expected SHA-256 %s, found %s".formatted(expected, found));
    }
  }

  /** The jar's manifest holds the version; classes in a folder have none. */
  private static String program() {
    String version = Manifest.class.getPackage().getImplementationVersion();
    return "vae " + (version == null ? "from its classes" : version);
  }

  private static Iterable<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** With slashes on every system. */
  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }
}
