package vae.mnist;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import vae.tensor.ImageShape;

/**
 * Pictures of single digits made as MNIST's are (LeCun, Cortes and Burges): white on black, fitted
 * into 20 × 20 pixels, and put into 28 × 28 with the centre of their mass in the middle.
 */
public final class HandDrawn {
  private static final int SIDE = 28;

  /** What comes of them. */
  public static final ImageShape SHAPE = ImageShape.grey(SIDE, SIDE);

  private static final int BOX = 20;

  /** Pictures are made as small as this before a digit is looked for. */
  private static final int LOOKED_AT = 512;

  private HandDrawn() {}

  /**
   * Reads a PNG or JPEG file, such as a camera's: the digit may lie anywhere in it, on paper or on
   * a board. One of 28 × 28 with a black edge is taken as it is.
   *
   * @return of {@link #SHAPE}, from black, 0, to white, 255
   */
  public static byte[] read(Path file) throws DataException {
    try {
      GreyPicture picture = ImageFile.photo(DataFile.bytes(file), 2 * LOOKED_AT);
      return isMnists(picture)
          ? bytes(picture)
          : DigitFinder.find(reduced(picture))
              .map(HandDrawn::fitted)
              .map(HandDrawn::centred)
              .orElseThrow(
                  () ->
                      new DataException(
                          file, "expected a digit on an even ground, found nothing on it"));
    } catch (BadLineException e) {
      throw new DataException(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Pictures of a user's: made as MNIST's are if a model takes those, else as they are.
   *
   * @param files PNG or JPEG, at least one
   * @param taken the shape of the images that the model takes, without the batch
   * @throws DataException if one is no picture, or of another shape than the model takes
   */
  public static Images images(List<Path> files, int... taken) throws DataException {
    Labels labels = Labels.none(files.size());
    if (!SHAPE.fits(taken)) {
      return ImageFile.read(files, labels, taken);
    }
    byte[] pixels = new byte[files.size() * SHAPE.size()];
    for (int i = 0; i < files.size(); i++) {
      System.arraycopy(read(files.get(i)), 0, pixels, i * SHAPE.size(), SHAPE.size());
    }
    return new Images(SHAPE, pixels, labels);
  }

  private static boolean isMnists(GreyPicture picture) {
    return picture.width() == SIDE
        && picture.height() == SIDE
        && IntStream.range(0, SIDE)
            .allMatch(
                i ->
                    picture.at(i, 0) == 0
                        && picture.at(i, SIDE - 1) == 0
                        && picture.at(0, i) == 0
                        && picture.at(SIDE - 1, i) == 0);
  }

  private static GreyPicture reduced(GreyPicture picture) {
    double scale = (double) LOOKED_AT / Math.max(picture.width(), picture.height());
    return scale >= 1 ? picture : scaled(picture, scale);
  }

  /** Scaled so that its longer side is 20 pixels. */
  private static GreyPicture fitted(GreyPicture digit) {
    return scaled(digit, (double) BOX / Math.max(digit.width(), digit.height()));
  }

  private static GreyPicture scaled(GreyPicture picture, double scale) {
    return picture.resized(
        Math.max(1, (int) Math.round(picture.width() * scale)),
        Math.max(1, (int) Math.round(picture.height() * scale)));
  }

  private static byte[] centred(GreyPicture digit) {
    double mass = 0;
    double x = 0;
    double y = 0;
    for (int row = 0; row < digit.height(); row++) {
      for (int column = 0; column < digit.width(); column++) {
        float value = digit.at(column, row);
        mass += value;
        x += value * (column + 0.5);
        y += value * (row + 0.5);
      }
    }
    // MNIST's centres of mass lie between 14 and 15 pixels from the left and from the top.
    int left = clamp((int) Math.ceil(SIDE / 2.0 - x / mass), SIDE - digit.width());
    int top = clamp((int) Math.ceil(SIDE / 2.0 - y / mass), SIDE - digit.height());
    var centred = new GreyPicture(SIDE, SIDE);
    for (int row = 0; row < digit.height(); row++) {
      for (int column = 0; column < digit.width(); column++) {
        centred.light()[(top + row) * SIDE + left + column] = digit.at(column, row);
      }
    }
    return bytes(centred);
  }

  private static byte[] bytes(GreyPicture picture) {
    byte[] bytes = new byte[picture.light().length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * picture.light()[i]);
    }
    return bytes;
  }

  private static int clamp(int value, int most) {
    return Math.max(0, Math.min(most, value));
  }
}
