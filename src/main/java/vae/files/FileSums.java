package vae.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What some files of a folder are known by again.
 *
 * @param files by their path within the folder, with slashes on every system
 */
public record FileSums(SortedMap<String, FileSum> files) {

  /** Of files as they are now. */
  public static FileSums of(Path folder, List<Path> files) throws IOException {
    SortedMap<String, FileSum> sums = new TreeMap<>();
    for (Path file : files) {
      sums.put(folder.relativize(file).toString().replace('\\', '/'), FileSum.of(file));
    }
    return new FileSums(sums);
  }

  /** How many there are. */
  public int count() {
    return files.size();
  }

  /** What all of them weigh. */
  public long bytes() {
    return files.values().stream().mapToLong(FileSum::bytes).sum();
  }

  /**
   * Makes sure that a folder still has them. Other files in it are let be.
   *
   * @throws ModelException if one is missing, or another by now: names it
   */
  public void check(Path folder) throws ModelException {
    for (var entry : files.entrySet()) {
      check(folder.resolve(entry.getKey()), entry.getValue());
    }
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

  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    files.forEach(
        (name, sum) -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("bytes", sum.bytes());
          fields.put("sha256", sum.sha256());
          json.put(name, fields);
        });
    return json;
  }

  public static FileSums of(JsonFields json) {
    SortedMap<String, FileSum> sums = new TreeMap<>();
    for (Object name : json.values().keySet()) {
      JsonFields sum = json.object(name.toString());
      sums.put(name.toString(), new FileSum(sum.number("bytes").longValue(), sum.text("sha256")));
    }
    return new FileSums(sums);
  }
}
