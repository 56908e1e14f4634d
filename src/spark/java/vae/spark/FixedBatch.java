package vae.spark;

import java.util.Arrays;
import java.util.List;

/**
 * The one size in which the executors run the model. TensorFlow's products add in an order that
 * depends on a batch's size, not on what else is in it: so a row comes to the same bytes in every
 * batch, wherever it stands, and whatever partition, retry or machine brought it there. What a
 * partition leaves over is filled up with zeros.
 */
final class FixedBatch {
  /** A whole number of vector registers for every layer, and one piece to the model. */
  static final int ROWS = 240;

  private FixedBatch() {}

  /** A batch of rows, filled up. */
  static float[][] of(List<float[]> rows) {
    float[][] batch = new float[ROWS][];
    Arrays.fill(batch, new float[rows.get(0).length]);
    for (int i = 0; i < rows.size(); i++) {
      batch[i] = rows.get(i);
    }
    return batch;
  }
}
