package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.mnist.Images;
import vae.mnist.UnpackedImages;

/** {@code unpack}: the files that the tutorial's {@code read_images} reads. */
@Command(
    name = "unpack",
    description = "Write MNIST as PNG files and a list of them, for train --image-list.")
final class UnpackCommand implements Callable<Integer> {
  @Mixin private MnistOption mnist;
  @Mixin private CommonOptions.Verbose common;

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
  private MnistOption.Part part;

  @Option(names = "--count", paramLabel = "N", description = "The first N only (default: all).")
  private Optional<Integer> count;

  @Override
  public Integer call() throws IOException {
    Images images = mnist.images(part);
    int wanted = count.orElse(images.count());
    if (wanted < 1 || wanted > images.count()) {
      throw common.refused(
          "--count: expected 1 to %,d images, found %,d".formatted(images.count(), wanted));
    }
    String name = part.name().toLowerCase(Locale.ROOT);
    Path list;
    try (var line = new CountLine()) {
      list =
          UnpackedImages.write(
              images, wanted, out.orElse(mnist.folder()), name, line.begin("unpacking")::done);
    }
    System.err.printf("%s: %,d images%n", list, wanted);
    return ExitCode.OK;
  }
}
