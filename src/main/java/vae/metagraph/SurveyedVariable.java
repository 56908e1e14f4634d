package vae.metagraph;

import java.util.List;
import java.util.Optional;

/**
 * A variable of a graph, and what a checkpoint has of it.
 *
 * @param name its op
 * @param type as NumPy names it
 * @param shape nothing where it is not known
 * @param trainable whether it is in the collection of those
 * @param key its name in the checkpoint
 * @param stored what the checkpoint has under it
 * @param found if that is another, its type and shape
 */
public record SurveyedVariable(
    String name,
    String type,
    Optional<List<Long>> shape,
    boolean trainable,
    String key,
    Stored stored,
    String found) {

  /** What a checkpoint has of a variable. */
  public enum Stored {
    /** The same type and shape. */
    SAME,
    /** Another type or shape. */
    OTHER,
    /** Nothing. */
    ABSENT,
    /** There is no checkpoint. */
    UNKNOWN
  }

  /**
   * A tensor of a checkpoint.
   *
   * @param type as NumPy names it
   * @param shape its sizes
   */
  public record Entry(String type, List<Long> shape) {}
}
