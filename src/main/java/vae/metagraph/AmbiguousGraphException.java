package vae.metagraph;

import java.util.List;

/** Thrown where a graph can be read in more than one way. */
public final class AmbiguousGraphException extends MetaGraphException {
  private static final long serialVersionUID = 1;

  private final transient List<List<String>> readings;

  /**
   * Of some readings.
   *
   * @param message what was found
   * @param readings the options that name each to {@code import-meta}, the likeliest first
   */
  AmbiguousGraphException(String message, List<List<String>> readings) {
    super(message);
    this.readings = readings.stream().map(List::copyOf).toList();
  }

  /** The options that name each to {@code import-meta}, the likeliest first. */
  public List<List<String>> readings() {
    return readings;
  }
}
