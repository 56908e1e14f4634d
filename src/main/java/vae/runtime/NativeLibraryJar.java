package vae.runtime;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.presets.tensorflow;

/** The jar with TensorFlow's native library: which one it is, and whether it has been unpacked. */
final class NativeLibraryJar {
  private static final String LIBRARY = System.mapLibraryName("jnitensorflow");

  private NativeLibraryJar() {}

  /** Whether the class path has the library for CUDA. */
  static boolean isForGpu() {
    return resource("-gpu") != null;
  }

  /** Says so on standard error if the first use will unpack the library, which takes a while. */
  static void announceUnpacking() {
    URL library = isForGpu() ? resource("-gpu") : resource("");
    try {
      if (library != null && library.openConnection() instanceof JarURLConnection connection) {
        String folder =
            connection.getEntryName().substring(0, connection.getEntryName().lastIndexOf('/'));
        String jar = new File(connection.getJarFile().getName()).getName();
        Path unpacked = Loader.getCacheDir().toPath().resolve(jar).resolve(folder);
        if (Files.isDirectory(unpacked)) {
          return;
        }
        long bytes =
            connection.getJarFile().stream()
                .filter(entry -> entry.getName().startsWith(folder + "/"))
                .mapToLong(ZipEntry::getSize)
                .sum();
        System.err.printf(
            "unpacking TensorFlow's native library into %s, once: %,d MiB%n",
            Loader.getCacheDir(), bytes >> 20);
      }
    } catch (IOException e) {
      // The announcement is a courtesy; what is really wrong will show when the library is loaded.
      return;
    }
  }

  private static URL resource(String extension) {
    return tensorflow.class.getResource(
        "/org/tensorflow/internal/c_api/" + Loader.getPlatform() + extension + "/" + LIBRARY);
  }
}
