package vae.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Pictures as PNG files. */
public final class Png {
  private Png() {}

  /** The bytes of a PNG file. */
  public static byte[] encode(BufferedImage picture) {
    var bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(picture, "png", bytes)) {
        throw new IllegalStateException("this Java has no PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail like a disk", e);
    }
    return bytes.toByteArray();
  }
}
