package vae.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
public record FileSums(SortedMap<String, Sum> files) {
  /**
   * What one file is known by.
   *
   * @param bytes its size
   * @param sha256 in lower-case hexadecimal digits
   */
  public record Sum(long bytes, String sha256) {
    private static Sum of(Path file) throws IOException {
      MessageDigest digest = digest();
      try (InputStream in = Files.newInputStream(file)) {
        long bytes = new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
        return new Sum(bytes, hex(digest));
      }
    }
  }

  /** Of files as they are now. */
  public static FileSums of(Path folder, List<Path> files) throws IOException {
    SortedMap<String, Sum> sums = new TreeMap<>();
    for (Path file : files) {
      sums.put(folder.relativize(file).toString().replace('\\', '/'), Sum.of(file));
    }
    return new FileSums(sums);
  }

  public int count() {
    return files.size();
  }

  public long bytes() {
    return files.values().stream().mapToLong(Sum::bytes).sum();
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

  private static void check(Path file, Sum expected) throws ModelException {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          file,
          "expected %,d bytes, as the manifest says, found no file".formatted(expected.bytes()));
    }
    Sum found;
    try {
      found = Sum.of(file);
    } catch (IOException e) {
      throw ModelException.unreadable(file, e);
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
    SortedMap<String, Sum> sums = new TreeMap<>();
    for (Object name : json.values().keySet()) {
      JsonFields sum = json.object(name.toString());
      sums.put(name.toString(), new Sum(sum.number("bytes").longValue(), sum.text("sha256")));
    }
    return new FileSums(sums);
  }

  /** The SHA-256 of a part of an array. */
  public static String sha256(byte[] bytes, int from) {
    return sha256(ByteBuffer.wrap(bytes, from, bytes.length - from));
  }

  /** The SHA-256 of one part after another. */
  public static String sha256(ByteBuffer... parts) {
    MessageDigest digest = digest();
    for (ByteBuffer part : parts) {
      digest.update(part);
    }
    return hex(digest);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
