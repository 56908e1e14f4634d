package vae.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import picocli.CommandLine.Option;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.MnistFiles;

/** The option of the commands that read MNIST. */
final class MnistOption {
  private static final String DEFAULT = "mnist";
  private static final String IMAGES = "train-images-idx3-ubyte.gz";

  @Option(
      names = "--mnist",
      paramLabel = "DIR",
      defaultValue = DEFAULT,
      description =
          "The folder of the IDX files, gzipped or not; labels may be missing (default:"
              + " ${DEFAULT-VALUE}).")
  private Path folder;

  Path folder() {
    return folder;
  }

  /**
   * The files in it.
   *
   * @throws DataException if there is no such folder
   */
  MnistFiles files() throws DataException {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          folder,
          "expected the folder with MNIST's files, found %s; --mnist DIR names it"
                  .formatted(Files.exists(folder) ? "a file" : "none")
              + ownFolder().map(own -> ", the program's own is " + own).orElse(""));
    }
    return new MnistFiles(folder);
  }

  /** MNIST's two halves. */
  enum Part {
    TRAIN,
    TEST
  }

  /** The images of a half, as {@link #files}. */
  Images images(Part part) throws DataException {
    return part == Part.TRAIN ? files().train() : files().test();
  }

  /** MNIST as it comes with the program, if the program still lies in its project. */
  private static Optional<Path> ownFolder() {
    try {
      CodeSource source = MnistOption.class.getProtectionDomain().getCodeSource();
      for (Path at = Path.of(source.getLocation().toURI()); at != null; at = at.getParent()) {
        Path own = at.resolve(DEFAULT);
        if (Files.exists(own.resolve(IMAGES))) {
          return Optional.of(own);
        }
      }
      return Optional.empty();
    } catch (URISyntaxException | RuntimeException e) { // A jar within a jar has no path.
      return Optional.empty();
    }
  }
}
