package vae.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG files. */
public final class Png {
  private Png() {}

  /**
   * The bytes of a PNG file of one grey image, 8 bits a pixel, row by row, which keeps every value.
   */
  public static byte[] encode(byte[] grey, int width) {
    int height = grey.length / width;
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setDataElements(0, 0, width, height, grey);
    return encode(picture);
  }

  public static byte[] encode(BufferedImage picture) {
    var bytes = new ByteArrayOutputStream();
    // Given a plain stream, ImageIO makes a temporary file for each picture.
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(picture, "png", out)) {
        throw new IllegalStateException("this Java has no PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail like a disk", e);
    }
    return bytes.toByteArray();
  }
}
