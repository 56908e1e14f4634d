package vae.mnist;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a JPEG file tells before its pixels (ITU-T T.81; Exif 2.3): the components of a pixel, 0 if
 * the file is too damaged to tell, and how the camera was held, by Exif's numbers 1 to 8.
 */
record JpegHeader(int components, int orientation) {
  /** The components of a printer's image: cyan, magenta, yellow and black. */
  static final int INKS = 4;

  private static final byte FILL = (byte) 0xff;
  private static final int EXIF = 0xe1;
  private static final String EXIF_NAME = "Exif\0\0";
  private static final int ORIENTATION = 0x0112;
  private static final int UPRIGHT = 1;

  /** Reads as far as the frame's header; what is damaged is the decoder's to tell. */
  static JpegHeader of(byte[] contents) {
    int orientation = UPRIGHT;
    try {
      ByteBuffer segments = ByteBuffer.wrap(contents).position(2);
      while (segments.get() == FILL) {
        int marker = segments.get() & 0xff;
        while (marker == 0xff) { // Any number of fill bytes may stand before it.
          marker = segments.get() & 0xff;
        }
        int length = segments.getShort(segments.position()) & 0xffff;
        if (isFrame(marker)) {
          return new JpegHeader(segments.get(segments.position() + 7) & 0xff, orientation);
        }
        if (marker == EXIF && orientation == UPRIGHT) {
          orientation = orientation(segments.slice(segments.position() + 2, length - 2));
        }
        segments.position(segments.position() + length);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      // It ends early, or lies about its lengths.
    }
    return new JpegHeader(0, orientation);
  }

  private static boolean isFrame(int marker) {
    return (marker & 0xf0) == 0xc0 && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Of the first directory of tags, twelve bytes each; upright where it is damaged. */
  private static int orientation(ByteBuffer segment) {
    try {
      byte[] name = new byte[EXIF_NAME.length()];
      segment.get(name);
      if (!new String(name, StandardCharsets.ISO_8859_1).equals(EXIF_NAME)) {
        return UPRIGHT;
      }
      ByteBuffer tiff = segment.slice();
      tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      tiff.position(tiff.getInt(4));
      int tags = tiff.getShort() & 0xffff;
      for (int tag = 0; tag < tags; tag++) {
        int at = tiff.position() + 12 * tag;
        if ((tiff.getShort(at) & 0xffff) == ORIENTATION) {
          int number = tiff.getShort(at + 8);
          return number >= 1 && number <= 8 ? number : UPRIGHT;
        }
      }
      return UPRIGHT;
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return UPRIGHT;
    }
  }
}
