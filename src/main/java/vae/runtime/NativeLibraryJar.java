package vae.runtime;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.presets.tensorflow;

/**
 * The jar with TensorFlow's native library: which one it is, and where it is unpacked.
 *
 * @param cache JavaCPP's folder of all that it unpacks
 * @param unpacked where in it this library belongs
 * @param files what is unpacked, by name, with their sizes in bytes
 */
public record NativeLibraryJar(Path cache, Path unpacked, Map<String, Long> files) {
  private static final String LIBRARY = System.mapLibraryName("jnitensorflow");
  private static final String GPU = "-gpu";

  /** The jar has licences beside the libraries. */
  private static final Predicate<String> IS_LIBRARY =
      Pattern.compile("\\.(so|dylib|dll)(\\.|$)").asPredicate();

  /**
   * The jar in the class path; nothing if there is none for this platform, or the library lies in a
   * plain folder.
   *
   * @throws IOException if the jar can't be read, or no folder be found to unpack it into
   */
  public static Optional<NativeLibraryJar> find() throws IOException {
    URL library = resource(isForGpu() ? GPU : "");
    if (library == null || !(library.openConnection() instanceof JarURLConnection connection)) {
      return Optional.empty();
    }
    String folder =
        connection.getEntryName().substring(0, connection.getEntryName().lastIndexOf('/'));
    String jar = new File(connection.getJarFile().getName()).getName();
    Map<String, Long> files =
        connection.getJarFile().stream()
            .filter(entry -> entry.getName().startsWith(folder + "/"))
            .filter(entry -> IS_LIBRARY.test(entry.getName()))
            .collect(
                Collectors.toMap(
                    entry -> entry.getName().substring(folder.length() + 1), ZipEntry::getSize));
    Path cache = Loader.getCacheDir().toPath();
    return Optional.of(new NativeLibraryJar(cache, cache.resolve(jar).resolve(folder), files));
  }

  /** The classifier that a jar for this platform has, {@code linux-x86_64-gpu} if for CUDA. */
  public static String classifier() {
    return Loader.getPlatform() + (isForGpu() ? GPU : "");
  }

  /** Whether the class path has the library for CUDA. */
  public static boolean isForGpu() {
    return resource(GPU) != null;
  }

  /** What the library takes in the cache. */
  public long bytes() {
    return files.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether all of it has been unpacked before; a full disk may have cut it short. */
  public boolean isUnpacked() {
    return files.entrySet().stream()
        .allMatch(file -> unpacked.resolve(file.getKey()).toFile().length() == file.getValue());
  }

  /** Says so on standard error if the first use will unpack the library, which takes a while. */
  static void announceUnpacking() {
    try {
      find()
          .filter(jar -> !jar.isUnpacked())
          .ifPresent(
              jar ->
                  System.err.printf(
                      "unpacking TensorFlow's native library into %s, once: %,d MiB%n",
                      jar.cache, jar.bytes() >> 20));
    } catch (IOException e) {
      // The announcement is a courtesy; what is really wrong will show when the library is loaded.
    }
  }

  private static URL resource(String extension) {
    return tensorflow.class.getResource(
        "/org/tensorflow/internal/c_api/" + Loader.getPlatform() + extension + "/" + LIBRARY);
  }
}
