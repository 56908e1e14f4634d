package vae.doctor;

/** Amounts of memory and disk, for people. */
final class Bytes {
  private static final double GIB = 1L << 30;

  private Bytes() {}

  /** In GiB, or in MiB where that is less than one. */
  static String text(long bytes) {
    return bytes < GIB ? (bytes >> 20) + " MiB" : "%.1f GiB".formatted(bytes / GIB);
  }
}
