package vae.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import vae.mnist.Images;
import vae.mnist.MnistFiles;

/**
 * The first of MNIST's images, for trainings of few steps: their codes are made in no time, those
 * of all 60,000 images take seconds.
 */
public final class SmallMnist {
  private static final int TRAIN = 2_000;
  private static final int TEST = 500;

  private SmallMnist() {}

  /** Writes the four files into a folder, which may not be there yet, and gives the folder. */
  public static Path in(Path folder) throws IOException {
    Files.createDirectories(folder);
    MnistFiles mnist = new MnistFiles(Path.of("mnist"));
    write(folder, "train", mnist.train().part(0, TRAIN));
    write(folder, "t10k", mnist.test().part(0, TEST));
    return folder;
  }

  private static void write(Path folder, String part, Images images) throws IOException {
    byte[] pixels = new byte[images.count() * images.pixelsPerImage()];
    for (int i = 0; i < images.count(); i++) {
      System.arraycopy(
          images.bytes(i), 0, pixels, i * images.pixelsPerImage(), images.pixelsPerImage());
    }
    Files.write(
        folder.resolve(part + "-images-idx3-ubyte"),
        FileBytes.idx(pixels, images.count(), images.shape().height(), images.shape().width()));
    Files.write(
        folder.resolve(part + "-labels-idx1-ubyte"),
        FileBytes.idx(images.labels().bytes(), images.count()));
  }
}
