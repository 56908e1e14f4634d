package vae.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vae.files.AtomicFile;
import vae.files.WriteException;
import vae.mnist.Images;
import vae.picture.Png;

/** {@code unpack}: the files that the tutorial's {@code read_images} reads. */
@Command(
    name = "unpack",
    description = "Write MNIST as PNG files and a list of them, for train --image-list.")
final class UnpackCommand implements Callable<Integer> {
  /** Between two words on the progress. */
  private static final int CHUNK = 1_000;

  @Spec private CommandSpec spec;
  @Mixin private MnistOption mnist;

  @Mixin
  @SuppressWarnings("UnusedVariable") // picocli acts on it.
  private VerboseOption verbose;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "The folder for the list and the images (default: the folder of the IDX files).")
  private Optional<Path> out;

  @Option(
      names = "--set",
      paramLabel = "train|test",
      defaultValue = "train",
      description = "Which images (default: ${DEFAULT-VALUE}).")
  private Part part;

  @Option(names = "--count", paramLabel = "N", description = "The first N only (default: all).")
  private Optional<Integer> count;

  /** One of MNIST's two sets of images. */
  enum Part {
    TRAIN,
    TEST;

    String folder() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() throws IOException {
    Images images = part == Part.TRAIN ? mnist.files().train() : mnist.files().test();
    int wanted = count.orElse(images.count());
    if (wanted < 1 || wanted > images.count()) {
      throw new ParameterException(
          spec.commandLine(),
          "--count: expected 1 to %,d images, found %,d".formatted(images.count(), wanted));
    }
    Path base = out.orElse(mnist.files().folder());
    Path list = base.resolve(part.folder() + "_labels.txt");
    String lines = lines(images, wanted);
    prepare(base.resolve(part.folder()), list, lines);
    try (var progress = new CountLine("unpacking")) {
      for (int from = 0; from < wanted; from += CHUNK) {
        int to = Math.min(from + CHUNK, wanted);
        writeImages(images, base, from, to);
        progress.show(to, wanted);
      }
    }
    // Last: where there is a list, all its images are there.
    AtomicFile.write(list, lines.getBytes(StandardCharsets.UTF_8));
    System.err.printf("%s: %,d images%n", list, wanted);
    return ExitCode.OK;
  }

  /** Makes the folder; a list of that name that says something else is somebody's, and is kept. */
  private static void prepare(Path folder, Path list, String lines) throws WriteException {
    try {
      if (Files.exists(list) && !Files.readString(list).equals(lines)) {
        throw new IOException("another list of that name is there: remove it, or give --out");
      }
    } catch (IOException e) {
      throw new WriteException(list, e);
    }
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new WriteException(folder, e);
    }
  }

  private void writeImages(Images images, Path base, int from, int to) throws WriteException {
    // Collected, not thrown: a parallel stream that throws leaves others at work behind its back.
    List<WriteException> failures =
        IntStream.range(from, to)
            .parallel()
            .mapToObj(image -> writeImage(images, base, image))
            .flatMap(Optional::stream)
            .toList();
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  private Optional<WriteException> writeImage(Images images, Path base, int image) {
    Path file = base.resolve(path(image));
    try {
      // Each forced to the disk by itself, they would take minutes; the reader checks them anyway.
      Files.write(file, Png.encode(images.bytes(image), images.shape().width()));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(new WriteException(file, e));
    }
  }

  private String lines(Images images, int wanted) {
    var lines = new StringBuilder();
    for (int image = 0; image < wanted; image++) {
      lines.append(path(image));
      if (images.labels().classes().isPresent()) {
        lines.append(' ').append(images.labels().of(image));
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  /** With slashes on all systems. */
  private String path(int image) {
    return "%s/%05d.png".formatted(part.folder(), image);
  }
}
