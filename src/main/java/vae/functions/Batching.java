package vae.functions;

/**
 * How a function takes its rows.
 *
 * @param kind whether its rows may be parted and put together
 * @param rows of a batch of fixed size; of a whole one the size that its graph needs; 0 for any
 */
public record Batching(Kind kind, int rows) {
  /** Any number of rows, each computed by itself: batches may be cut and joined. */
  public static final Batching ANY = new Batching(Kind.ANY, 0);

  /** What is fed is computed as a whole: rows may depend on each other, or there are none. */
  public static final Batching WHOLE = new Batching(Kind.WHOLE, 0);

  /** The kinds. */
  public enum Kind {
    /** Any number of rows. */
    ANY,
    /** So many rows, no more and no fewer, each computed by itself. */
    FIXED,
    /** No rows that could be told apart. */
    WHOLE
  }

  /** Of batches of one size: more are cut, fewer filled up. */
  public static Batching of(int rows) {
    return new Batching(Kind.FIXED, rows);
  }

  /** Computed as a whole, of so many rows, no more and no fewer. */
  static Batching wholeOf(int rows) {
    return new Batching(Kind.WHOLE, rows);
  }

  /** Whether one row can be computed by itself. */
  public boolean takesOne() {
    return joins() || rows == 0;
  }

  /** Whether rows of several calls may be put together. */
  public boolean joins() {
    return kind != Kind.WHOLE;
  }
}
