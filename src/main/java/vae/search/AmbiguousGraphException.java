package vae.search;

import java.util.List;
import vae.metagraph.MetaGraphException;

/** Thrown where a graph can be read in more than one way. */
public final class AmbiguousGraphException extends MetaGraphException {
  private static final long serialVersionUID = 1;

  private final transient List<List<String>> readings;

  AmbiguousGraphException(String message, List<List<String>> readings) {
    super(message);
    this.readings = readings.stream().map(List::copyOf).toList();
  }

  /** The options that name each to {@code import-meta}, the likeliest first. */
  public List<List<String>> readings() {
    return readings;
  }
}
