package vae.storage;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * That a model was trained from an image list, and how: it travels beside the model, since the
 * input pipeline itself, with its paths, has no place in a model that others load.
 *
 * @param list the list's file, as it was given
 * @param sha256 of the list
 * @param batchSize images in a step
 * @param skipBad whether its bad lines were left out
 */
public record ImageListRecord(Path list, String sha256, int batchSize, boolean skipBad) {
  private static final String FILE = "assets.extra/image_list.properties";
  private static final String LIST = "image_list";
  private static final String SHA256 = "sha256";
  private static final String BATCH_SIZE = "batch_size";
  private static final String SKIP_BAD = "skip_bad";

  /**
   * Checks the batch size.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public ImageListRecord {
    if (batchSize < 1) {
      throw new IllegalArgumentException("expected a batch size of 1 or more, found " + batchSize);
    }
  }

  /**
   * Writes it into a model's folder, before that is published.
   *
   * @throws IOException if it can't be written
   */
  public void writeTo(Path folder) throws IOException {
    var properties = new Properties();
    properties.setProperty(LIST, list.toString());
    properties.setProperty(SHA256, sha256);
    properties.setProperty(BATCH_SIZE, String.valueOf(batchSize));
    properties.setProperty(SKIP_BAD, String.valueOf(skipBad));
    var text = new StringWriter();
    properties.store(text, null);
    Path file = folder.resolve(FILE);
    Files.createDirectories(file.getParent());
    // But for the first line, which is the date: equal trainings leave equal files.
    Files.write(file, text.toString().lines().skip(1).sorted().toList());
  }

  /**
   * Reads it from a model's folder.
   *
   * @return nothing if the model was trained from other images
   * @throws ModelException if it is damaged
   */
  public static Optional<ImageListRecord> in(Path folder) throws ModelException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return Optional.of(
          new ImageListRecord(
              Path.of(required(properties, LIST)),
              required(properties, SHA256),
              Integer.parseInt(required(properties, BATCH_SIZE)),
              Boolean.parseBoolean(required(properties, SKIP_BAD))));
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelException(
          folder, "expected an image list's properties in %s, found %s".formatted(FILE, e), e);
    }
  }

  private static String required(Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }
}
