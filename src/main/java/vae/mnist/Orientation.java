package vae.mnist;

/**
 * How a camera was held, by Exif's numbers 1 to 8.
 *
 * @param quarters by how many quarters of a circle, clockwise, the picture is turned to be upright
 * @param mirrored whether it is mirrored, left to right, before
 */
record Orientation(int quarters, boolean mirrored) {
  static final Orientation UPRIGHT = new Orientation(0, false);

  /** By Exif's number; upright if there is none such. */
  static Orientation of(int number) {
    return switch (number) {
      case 2 -> new Orientation(0, true);
      case 3 -> new Orientation(2, false);
      case 4 -> new Orientation(2, true);
      case 5 -> new Orientation(3, true);
      case 6 -> new Orientation(1, false);
      case 7 -> new Orientation(1, true);
      case 8 -> new Orientation(3, false);
      default -> UPRIGHT;
    };
  }
}
