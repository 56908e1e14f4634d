package vae.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Models that a script of ours has Python write. They are written once for all tests that read
 * them, and again when a script has changed.
 */
public final class PythonModels {
  private static final Path FOLDER = Path.of("target/python-models").toAbsolutePath();

  private PythonModels() {}

  /**
   * The folder with all models that a script writes. Nothing may be written there.
   *
   * @param script such as {@code make_functions.py}
   */
  public static Path of(String script) throws IOException {
    PythonTensorFlow.require();
    Files.createDirectories(FOLDER);
    Path models = FOLDER.resolve(script.replace(".py", ""));
    Path complete = FOLDER.resolve(script + ".complete");
    try (FileChannel lock = open(FOLDER.resolve(script + ".lock"))) {
      lock.lock(); // Until it is closed: tests run in two JVMs.
      String sum = sumOfScripts();
      if (!Files.exists(complete) || !Files.readString(complete).equals(sum)) {
        FileUtils.deleteDirectory(models.toFile());
        Files.createDirectories(models);
        PythonTensorFlow.run(script, models);
        Files.writeString(complete, sum);
      }
      return models;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** They import each other. */
  private static String sumOfScripts() throws IOException {
    try (Stream<Path> all = Files.list(PythonTensorFlow.SCRIPTS)) {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      for (Path script : all.filter(Files::isRegularFile).sorted().toList()) {
        sum.update(Files.readAllBytes(script));
      }
      return HexFormat.of().formatHex(sum.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
