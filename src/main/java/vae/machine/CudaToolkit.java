package vae.machine;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The parts of NVIDIA's CUDA toolkit that a compiler of GPU code needs, where they lie. */
public final class CudaToolkit {
  private static final String LIBDEVICE = "nvvm/libdevice/libdevice.10.bc";

  private CudaToolkit() {}

  /** NVIDIA's library of mathematical functions; nothing if no toolkit has it. */
  public static Optional<Path> libdevice() {
    return libdevice(System.getenv());
  }

  /** NVIDIA's assembler; nothing if it is neither in a toolkit nor on the PATH. */
  public static Optional<Path> ptxas() {
    return ptxas(System.getenv());
  }

  /** The toolkit's folder that a libdevice belongs to. */
  public static Path root(Path libdevice) {
    return libdevice.resolve("../../..").normalize();
  }

  static Optional<Path> libdevice(Map<String, String> environment) {
    return roots(environment)
        .map(root -> root.resolve(LIBDEVICE))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  static Optional<Path> ptxas(Map<String, String> environment) {
    return Stream.concat(roots(environment).map(root -> root.resolve("bin")), path(environment))
        .map(folder -> folder.resolve("ptxas"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Where toolkits are: by the usual variables, beside ptxas, and in the usual folders. */
  private static Stream<Path> roots(Map<String, String> environment) {
    List<Path> roots = new ArrayList<>();
    for (String name : List.of("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT")) {
      Optional.ofNullable(environment.get(name))
          .filter(value -> !value.isBlank())
          .ifPresent(value -> roots.add(Path.of(value)));
    }
    path(environment)
        .filter(folder -> Files.isExecutable(folder.resolve("ptxas")))
        .forEach(folder -> roots.add(folder.resolve("..").normalize()));
    roots.add(Path.of("/usr/local/cuda"));
    try (DirectoryStream<Path> versions =
        Files.newDirectoryStream(Path.of("/usr/local"), "cuda-12*")) {
      versions.forEach(roots::add);
    } catch (IOException e) {
      // There are none.
    }
    roots.add(Path.of("/usr/lib/cuda")); // Debian's.
    return roots.stream();
  }

  private static Stream<Path> path(Map<String, String> environment) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of);
  }
}
