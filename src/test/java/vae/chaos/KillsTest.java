package vae.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.testing.ChildJvm;
import vae.testing.SmallModel;
import vae.testing.Variables;
import vae.tf1.Tf1Names;
import vae.training.CheckpointStore;

/**
 * Programs that save again and again are killed. The first variable of save N is N throughout, so
 * that each model and checkpoint tells which it is; even ones are published, odd ones checkpoints.
 */
@ChaosRow(
    order = 1,
    test = "`kill -9` at random moments of checkpointing and of publishing",
    holds =
        "the previous or the new one loads, bit-equal; `checkpoint` names no missing prefix; no stray"
            + " folder after the next start")
@DisabledOnOs(OS.WINDOWS)
class KillsTest {
  private static final int KILLS = Dose.of(200, 6);

  /** Large enough that writing takes longer than the rest. */
  private static final NetworkShape SHAPE = new NetworkShape(784, 128, 2);

  private static final long SEED = 3;

  @TempDir private Path folder;

  /** The process that is killed. */
  static final class SaveForever {
    private SaveForever() {}

    /** Says what it begins, and what it has done. */
    public static void main(String[] args) throws IOException {
      Path models = Path.of(args[0]);
      try (SmallModel model = new SmallModel(SHAPE, SEED);
          CheckpointStore checkpoints = CheckpointStore.open(models.resolve("checkpoints"))) {
        for (int n = Integer.parseInt(args[1]); ; n++) {
          fill(model, n);
          System.out.println("begin " + n);
          if (n % 2 == 0) {
            model.publish(models);
          } else {
            checkpoints.save(model.inSession(), SmallModel.record(n));
          }
          System.out.println("done " + n);
        }
      }
    }
  }

  @Test
  void oneOfTheTwoIsThereAndWhole() throws Exception {
    Path models = folder.resolve("models");
    Random random = Dose.random(KillsTest.class);
    int inTheMiddle = 0;
    int checked = 0;
    Set<Path> strays = Set.of();
    int next = 2;
    try (SmallModel reader = new SmallModel(SHAPE, SEED)) {
      for (int kill = 1; kill <= KILLS; kill++) {
        Path log = folder.resolve("log-" + kill);
        Process child = ChildJvm.start(log, SaveForever.class, models.toString(), "" + next);
        try {
          awaitDone(child, log, next + 1);
          TimeUnit.MILLISECONDS.sleep(random.nextInt(150));
        } finally {
          child.destroyForcibly().waitFor();
        }
        int begun = last(log, "begin ");
        int done = last(log, "done ");
        Set<Path> before = strays;
        strays = stray(models);
        assertThat(strays).as("kill %d", kill).noneMatch(before::contains);
        inTheMiddle += strays.isEmpty() ? 0 : 1;
        checked += checkModels(reader, models, begun, done);
        checkCheckpoints(reader, models.resolve("checkpoints"), begun, done);
        next = begun + 1 + (begun + 1) % 2;
      }
      // Else no kill came in the middle of writing, and the test has shown nothing.
      assertThat(inTheMiddle).isPositive();
      reader.publish(models);
      try (CheckpointStore checkpoints = CheckpointStore.open(models.resolve("checkpoints"))) {
        checkpoints.save(reader.inSession(), SmallModel.record(next + 1));
      }
      assertThat(stray(models)).isEmpty();
    }
    ChaosTable.note(
        "%d kills, %d of them while files were being written; %d models and %d checkpoints loaded"
            .formatted(KILLS, inTheMiddle, checked, KILLS));
  }

  /** Deletes those that it has looked at. */
  private static int checkModels(SmallModel reader, Path models, int begun, int done)
      throws IOException {
    Path newest = new ModelStore(models).newest();
    int checked = 0;
    try (Stream<Path> all = Files.list(models)) {
      for (Path version :
          all.filter(path -> path.getFileName().toString().matches("\\d+")).toList()) {
        try (LoadedModel model = LoadedModel.open(version, Device.CPU)) {
          Map<String, float[]> values =
              model.values(Tf1Names.GLOBAL_VARIABLES).entrySet().stream()
                  .collect(Collectors.toMap(e -> e.getKey().op(), Map.Entry::getValue));
          int n = requireOneSave(reader, values);
          assertThat(n % 2).isZero();
          if (version.equals(newest)) {
            assertThat(n).isBetween(done - done % 2, begun);
          }
        }
        checked++;
        if (!version.equals(newest)) {
          FileUtils.deleteDirectory(version.toFile());
        }
      }
    }
    return checked;
  }

  private static void checkCheckpoints(SmallModel reader, Path folder, int begun, int done)
      throws IOException {
    for (String line : Files.readAllLines(folder.resolve("checkpoint"))) {
      String name = line.replaceAll(".*\"(.*)\"", "$1");
      for (String end : List.of(".index", ".data-00000-of-00001", ".meta", ".json")) {
        assertThat(folder.resolve(name + end)).exists();
      }
    }
    try (CheckpointStore store = CheckpointStore.open(folder)) {
      CheckpointStore.Saved saved =
          store
              .newest(
                  damaged -> {
                    throw new AssertionError(damaged);
                  })
              .orElseThrow();
      fill(reader, 0);
      saved.restore(reader.vae(), reader.session());
      int n = requireOneSave(reader, Variables.values(reader.session(), reader.values().keySet()));
      assertThat(n).isEqualTo(saved.training().step()).isBetween(done - 1 + done % 2, begun);
    }
  }

  /** Which save it was, all of whose variables these are. */
  private static int requireOneSave(SmallModel reader, Map<String, float[]> values) {
    String first = first(reader).op().name();
    float[] found = Optional.ofNullable(values.get(first)).orElseThrow();
    float[] expected = new float[found.length];
    Arrays.fill(expected, found[0]);
    assertThat(found).isEqualTo(expected);
    reader
        .values()
        .forEach(
            (op, value) -> {
              if (!op.equals(first)) {
                assertThat(values.get(op)).as(op).isEqualTo(value);
              }
            });
    return (int) found[0];
  }

  private static void fill(SmallModel model, int n) {
    Variable<TFloat32> variable = first(model);
    float[] values = new float[(int) variable.shape().size()];
    Arrays.fill(values, n);
    model.assign(variable, values);
  }

  private static Variable<TFloat32> first(SmallModel model) {
    return model.vae().variables().get(0);
  }

  private static void awaitDone(Process child, Path log, int n) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (last(log, "done ") < n) {
      assertThat(child.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private static int last(Path log, String word) throws IOException {
    // A line that the killed program has not ended does not count.
    String text = Files.readString(log);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith(word))
        .mapToInt(line -> Integer.parseInt(line.substring(word.length())))
        .max()
        .orElse(0);
  }

  /** What is staged among the models and among the checkpoints. */
  private static Set<Path> stray(Path models) throws IOException {
    Set<Path> strays = new HashSet<>();
    for (Path folder : List.of(models, models.resolve("checkpoints"))) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(path -> path.getFileName().toString().startsWith(".staging-"))
            .forEach(strays::add);
      }
    }
    return strays;
  }
}
