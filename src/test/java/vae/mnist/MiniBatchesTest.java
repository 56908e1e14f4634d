package vae.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import vae.config.Seed;
import vae.tensor.ImageShape;

class MiniBatchesTest {
  private static final int COUNT = 10;
  private static final int BATCH = 4;

  @Test
  void eachImageComesOnceAnEpochAlsoWhereABatchStraddlesTwo() {
    MiniBatches batches = batches(1);
    List<Integer> stream = new ArrayList<>();
    for (int step = 1; step <= 5; step++) { // 20 images: two epochs.
      stream.addAll(batch(batches, step));
    }
    Integer[] all = IntStream.range(0, COUNT).boxed().toArray(Integer[]::new);
    assertThat(stream.subList(0, COUNT)).containsExactlyInAnyOrder(all);
    assertThat(stream.subList(COUNT, 2 * COUNT)).containsExactlyInAnyOrder(all);
    assertThat(stream.subList(0, COUNT)).isNotEqualTo(stream.subList(COUNT, 2 * COUNT));
  }

  @Test
  void aBatchIsAFunctionOfSeedAndStep() {
    MiniBatches forward = batches(1);
    List<List<Integer>> inOrder =
        IntStream.rangeClosed(1, 9).mapToObj(step -> batch(forward, step)).toList();
    MiniBatches backward = batches(1);
    for (int step = 9; step >= 1; step--) {
      assertThat(batch(backward, step)).isEqualTo(inOrder.get(step - 1));
    }
    assertThat(batch(batches(2), 1)).isNotEqualTo(inOrder.get(0));
  }

  /** Images of one pixel, which is the image's number. */
  private static MiniBatches batches(long seed) {
    byte[] pixels = new byte[COUNT];
    for (int i = 0; i < COUNT; i++) {
      pixels[i] = (byte) i;
    }
    return new MiniBatches(
        new Images(ImageShape.grey(1, 1), pixels, Labels.none(COUNT)), BATCH, new Seed(seed));
  }

  private static List<Integer> batch(MiniBatches batches, int step) {
    float[] pixels = new float[BATCH];
    batches.copyBatch(step, pixels);
    List<Integer> images = new ArrayList<>();
    for (float pixel : pixels) {
      images.add(Math.round(pixel * 255));
    }
    return images;
  }
}
