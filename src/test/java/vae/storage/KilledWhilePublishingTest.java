package vae.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.testing.ChildJvm;
import vae.testing.SmallModel;

/**
 * A process that does nothing but publish models is killed ({@code SIGKILL}) at 20 random moments:
 * each time, every model that has a number must load and compute.
 */
class KilledWhilePublishingTest {
  private static final int KILLS = 20;
  private static final float[][] NOISE = {{0.5f, -0.5f}};

  /** Large enough that writing takes longer than the rest. */
  private static final NetworkShape SHAPE = new NetworkShape(784, 128, 2);

  private static final long SEED = 3;

  @TempDir private Path folder;

  /** The process that is killed. */
  static final class PublishForever {
    private PublishForever() {}

    /** Publishes the same model again and again. */
    public static void main(String[] args) throws IOException {
      try (SmallModel model = new SmallModel(SHAPE, SEED)) {
        while (true) {
          model.publish(Path.of(args[0]));
        }
      }
    }
  }

  @Test
  void whateverHasANumberIsWhole() throws Exception {
    Path base = folder.resolve("models");
    ModelStore store = new ModelStore(base);
    float[][] expected;
    try (SmallModel model = new SmallModel(SHAPE, SEED);
        LoadedModel loaded = LoadedModel.open(model.publish(base), Device.CPU)) {
      expected = loaded.generate(NOISE);
    }

    Random random = new Random();
    long checked = 1;
    int strays = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      Path log = folder.resolve("child.log");
      Process child = ChildJvm.start(log, PublishForever.class, base.toString());
      try {
        awaitAnotherModel(store, checked, child, log);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
      } finally {
        child.destroyForcibly().waitFor();
      }
      long newest = store.newestVersion().orElseThrow();
      while (checked < newest) {
        checked++;
        Path published = base.resolve(String.valueOf(checked));
        try (LoadedModel loaded = LoadedModel.open(published, Device.CPU)) {
          assertThat(loaded.generate(NOISE))
              .as("kill %d, %s", kill, published)
              .isDeepEqualTo(expected);
        }
      }
      strays += countStaged(base); // The next child sweeps them away.
    }
    // Else no kill came in the middle of writing, and the test has shown nothing.
    assertThat(strays).isPositive();
    store.requireWritable(0);
    assertThat(countStaged(base)).isZero();
  }

  private static void awaitAnotherModel(ModelStore store, long after, Process child, Path log)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (store.newestVersion().orElse(0L) <= after) {
      assertThat(child.isAlive()).as("child died: %s", Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private static int countStaged(Path base) throws IOException {
    try (var children = Files.list(base)) {
      return (int)
          children.filter(child -> child.getFileName().toString().startsWith(".staging-")).count();
    }
  }
}
