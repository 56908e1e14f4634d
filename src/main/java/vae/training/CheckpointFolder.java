package vae.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import vae.checkpoint.Tf1Export;
import vae.files.AtomicFile;
import vae.files.FileSums;
import vae.files.JsonFields;
import vae.files.ModelException;
import vae.files.SealedJson;
import vae.storage.TrainingRecord;

/**
 * The files of checkpoints in a folder, and their records: {@code model.ckpt-<step>.json} names the
 * files of a step with their sums, and says how the training stood.
 *
 * @param path the folder
 */
record CheckpointFolder(Path path) {
  private static final int SCHEMA = 1;
  private static final String NAME = "model.ckpt-";
  private static final String RECORD = ".json";
  private static final Pattern FILE =
      Pattern.compile(
          "model\\.ckpt-([1-9][0-9]{0,9})\\.(json|meta|index|data-[0-9]{5}-of-[0-9]{5})");

  /** What a step's checkpoint is called. */
  static String name(int step) {
    return NAME + step;
  }

  /** Whether there is a checkpoint of any kind, also of another program's. */
  boolean hasAny() throws IOException {
    return Files.isDirectory(path)
        && children(path).stream()
            .map(file -> String.valueOf(file.getFileName()))
            .anyMatch(name -> name.equals(Tf1Export.STATE) || FILE.matcher(name).matches());
  }

  /** The steps of all records, whole or not, from the lowest; none if there is no folder. */
  List<Integer> steps() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    return children(path).stream()
        .map(file -> FILE.matcher(String.valueOf(file.getFileName())))
        .filter(name -> name.matches() && RECORD.endsWith(name.group(2)))
        .map(name -> Long.valueOf(name.group(1)))
        .filter(step -> step <= Integer.MAX_VALUE)
        .map(Long::intValue)
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  /**
   * A checkpoint's record, once all its files are what that says.
   *
   * @throws ModelException if one is not
   */
  TrainingRecord read(int step) throws ModelException {
    Path record = record(step);
    JsonFields json = SealedJson.read(record);
    try {
      if (json.number("schema").intValue() != SCHEMA) {
        throw new ModelException(
            record, "expected schema %d, of another version".formatted(SCHEMA));
      }
      FileSums.of(json.object("files")).check(path);
      return TrainingRecord.of(json.object("training"));
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          record, "expected a checkpoint's record, found " + e.getMessage(), e);
    }
  }

  /** Whether all files are there; what is in them is checked when it is to be used. */
  boolean isWhole(int step) {
    try {
      JsonFields json = SealedJson.read(record(step));
      return FileSums.of(json.object("files")).files().keySet().stream()
          .allMatch(name -> Files.isRegularFile(path.resolve(name)));
    } catch (ModelException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Moves staged files here. The record comes first: by it the files of a program that is killed
   * now are known.
   *
   * @param staged has the files of a step, and nothing else
   */
  void take(Path staged, TrainingRecord training) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("files", FileSums.of(staged, children(staged)).toJson());
    json.put("training", training.toJson());
    Path record = staged.resolve(name(training.step()) + RECORD);
    SealedJson.write(json, record);
    AtomicFile.forceTree(staged);
    move(record);
    for (Path file : children(staged)) {
      move(file);
    }
    AtomicFile.forceFolder(path);
  }

  /** Deletes what belongs to a step. The record goes last: without it the files are nobody's. */
  void delete(int step) throws IOException {
    for (Path file : children(path)) {
      Matcher name = FILE.matcher(String.valueOf(file.getFileName()));
      if (name.matches()
          && name.group(1).equals(String.valueOf(step))
          && !RECORD.endsWith(name.group(2))) {
        Files.delete(file);
      }
    }
    Files.deleteIfExists(record(step));
  }

  private Path record(int step) {
    return path.resolve(NAME + step + RECORD);
  }

  private void move(Path file) throws IOException {
    Files.move(
        file,
        path.resolve(file.getFileName()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.toList();
    }
  }
}
