package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vae.Main;
import vae.testing.ChildJvm;
import vae.testing.Output;
import vae.testing.SmallMnist;
import vae.testing.SmallModel;

/** What only a process of its own can show: signals, limits, silence. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "signals and ulimit are POSIX's")
class ProcessTest {
  private static final Pattern BEGUN = Pattern.compile("model\\.ckpt-(\\d+)\\..*");
  private static final String CHECKPOINT = ".*/models/checkpoints/model\\.ckpt-\\d+";

  @TempDir private static Path shared;
  private static Path mnist;

  @TempDir private Path folder;
  private Path models;
  private Path log;

  @BeforeAll
  static void writeImages() throws IOException {
    mnist = SmallMnist.in(shared.resolve("mnist"));
  }

  @BeforeEach
  void publishAModel() throws IOException {
    models = folder.resolve("models");
    log = folder.resolve("log");
    try (SmallModel model = new SmallModel(1)) {
      model.publish(models);
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalStopsTrainingCleanly(String signal, int exitCode) throws Exception {
    Process training = train(plan("1000000"));
    assertThat(stoppedBy(signal, training)).isEqualTo(exitCode);
    assertThat(Files.readString(log))
        .containsPattern("stopped after step [\\d,]+\\R")
        .containsPattern("interrupted; train --resume goes on from " + CHECKPOINT);
    assertNoModelIsNew();
    assertGoesOnAsIfNothingHadHappened();
  }

  @Test
  void whatAKilledTrainingHasSavedIsGoneOnFrom() throws Exception {
    Process training = train(plan("1000000", "--log-every", "200", "--checkpoint-every", "100"));
    try {
      awaitLog(training, "step 200 ,loss ");
    } finally {
      training.destroyForcibly().waitFor();
    }
    assertNoModelIsNew();
    assertGoesOnAsIfNothingHadHappened();
  }

  @Test
  void aSignalBeforeTheFirstCheckpointOfATrainingWithoutAnySavesNothing() throws Exception {
    Process training = train(plan("1000000", "--checkpoint-every", "0"));
    assertThat(stoppedBy("INT", training)).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(Files.readString(log))
        .contains("interrupted; nothing was saved, " + models.resolve("1") + " is kept as it was");
    assertOnlyTheModelBeforeIsLeft();
  }

  /** In the locale C, as most containers have it, Java loses all letters beyond ASCII. */
  @Test
  void aPathBeyondTheLocalesLettersIsOneLine() throws Exception {
    String umlaut = "$'h\\xc3\\xa4'";
    Process typed =
        ChildJvm.startByShell(
            "LC_ALL=C exec \"$@\" --saved-model " + umlaut, log, Main.class, "inspect");
    assertThat(typed.waitFor()).isEqualTo(ExitCode.USAGE);
    assertThat(Files.readString(log))
        .startsWith("error: Invalid value for option '--saved-model': expected a path, found 'h??'")
        .contains("set LC_ALL=C.UTF-8\n");
    Files.delete(log);

    String inside = "d=%s/%s; mkdir $d; cp -r mnist $d; cd $d; LC_ALL=C exec \"$@\"";
    Process started =
        ChildJvm.startByShell(inside.formatted(folder, umlaut), log, Main.class, "inspect");
    assertThat(started.waitFor()).isEqualTo(ExitCode.USAGE);
    assertThat(Files.readString(log))
        .startsWith("error: expected another folder to start in, found '" + folder + "/h??', whose")
        .endsWith("set LC_ALL=C.UTF-8\n");
  }

  /** Trains on, and straight: a stopped training's steps are no more than a few thousand. */
  private void assertGoesOnAsIfNothingHadHappened() throws Exception {
    String steps = String.valueOf(lastCheckpoint() + 50);
    Output.ofSuccess((Object[]) args("--resume", "--steps", steps));
    Output.ofSuccess((Object[]) args(plan(steps)));
    try (Stream<Path> left = Files.list(models)) {
      assertThat(left)
          .extracting(path -> path.getFileName().toString())
          .containsExactlyInAnyOrder("1", "2", "3", "checkpoints", "checkpoints-1");
    }
    Path variables = Path.of("variables/variables.data-00000-of-00001");
    assertThat(models.resolve("2").resolve(variables))
        .hasSameBinaryContentAs(models.resolve("3").resolve(variables));
  }

  /** The newest that was begun: its files may be whole before the state file names it. */
  private int lastCheckpoint() throws IOException {
    try (Stream<Path> files = Files.list(models.resolve("checkpoints"))) {
      return files
          .map(file -> BEGUN.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToInt(name -> Integer.parseInt(name.group(1)))
          .max()
          .orElseThrow();
    }
  }

  private static String[] plan(String steps, String... more) {
    List<String> options =
        new ArrayList<>(List.of("--steps", steps, "--hidden", "16", "--seed", "1"));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  @Test
  void aSignalStopsTheThreadsThatReadImagesToo() throws Exception {
    assertThat(Output.of("unpack", "--out", folder.toString(), "--count", "50").exitCode())
        .isZero();
    String list = folder.resolve("train_labels.txt").toString();
    Process training = train("--steps", "1000000", "--hidden", "16", "--image-list", list);
    assertThat(stoppedBy("INT", training)).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(Files.readAllLines(log))
        .hasSize(5)
        .last()
        .asString()
        .matches("interrupted; train --resume goes on from " + CHECKPOINT);
    assertNoModelIsNew();
  }

  @Test
  void aFullDiskLeavesTheModelBefore() throws Exception {
    // No file may grow beyond 600 KiB; the model's variables need 9.6 MiB.
    Process training = ChildJvm.startLimited(600, log, Main.class, args("--steps", "2"));
    assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String output = Files.readString(log);
    assertThat(training.exitValue()).as(output).isEqualTo(ExitCode.OUTPUT);
    assertThat(output.lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .startsWith("error: " + models + ": can't write (")
        .contains("File too large");
    assertThat(output).doesNotContain("\tat ");
    assertOnlyTheModelBeforeIsLeft();
  }

  /** In two processes, since maps of Java's have another order in each. */
  @Test
  void twoProcessesOfOneSeedLeaveEqualFolders() throws Exception {
    for (int run = 0; run < 2; run++) {
      assertThat(train("--steps", "20", "--hidden", "16", "--seed", "1").waitFor())
          .as(Files.readString(log))
          .isZero();
    }
    Path first = models.resolve("2");
    try (Stream<Path> files = Files.walk(first).filter(Files::isRegularFile)) {
      assertThat(files)
          .hasSize(10)
          .allSatisfy(
              file ->
                  assertThat(models.resolve("3").resolve(first.relativize(file)))
                      .hasSameBinaryContentAs(file));
    }
  }

  @Test
  void nothingIsHeardOfTensorFlowUnlessAskedFor() throws Exception {
    assertThat(train("--steps", "2", "--hidden", "16").waitFor()).isZero();
    assertThat(Files.readAllLines(log))
        .allMatch(
            line ->
                Stream.of("device: ", "training ", "step ", "optimization ", "2 steps, ", "saved ")
                    .anyMatch(line::startsWith));
    assertThat(train("--steps", "2", "--hidden", "16", "-v").waitFor()).isZero();
    assertThat(Files.readString(log)).contains("cpu_feature_guard").contains("published ");
  }

  @Test
  void theFirstRunSaysThatItUnpacksTheLibrary() throws Exception {
    String[] inspect = {"inspect", "--saved-model", models.toString()};
    String cache = "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache");
    for (int run = 0; run < 2; run++) {
      assertThat(ChildJvm.start(log, List.of(cache), Main.class, inspect).waitFor()).isZero();
    }
    assertThat(Files.readAllLines(log).stream().filter(line -> line.startsWith("unpacking ")))
        .singleElement()
        .asString()
        .matches("unpacking TensorFlow's native library into .*/cache, once: [\\d,]+ MiB");
  }

  @Test
  void aLibraryThatCanNotBeLoadedIsOneLine() throws Exception {
    // No jar has a library for it.
    String platform = "-Dorg.bytedeco.javacpp.platform=linux-none";
    Process inspect =
        ChildJvm.start(
            log, List.of(platform), Main.class, "inspect", "--saved-model", models.toString());
    assertThat(inspect.waitFor()).isEqualTo(ExitCode.INTERNAL);
    assertThat(Files.readString(log)).contains("error: a library can't be loaded: ");
    assertThat(Files.readString(log)).doesNotContain("\tat ");
  }

  /** Its exit code after a signal that comes when it has begun. */
  private int stoppedBy(String signal, Process training) throws Exception {
    try {
      awaitLog(training, "step 1 ,loss ");
      new ProcessBuilder("kill", "-" + signal, String.valueOf(training.pid())).start().waitFor();
      assertThat(training.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      training.destroyForcibly();
    }
    return training.exitValue();
  }

  private Process train(String... more) throws IOException {
    return ChildJvm.start(log, Main.class, args(more));
  }

  private String[] args(String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--saved-model", models.toString()));
    args.addAll(List.of(more));
    if (!args.contains("--image-list")) {
      args.addAll(List.of("--mnist", mnist.toString()));
    }
    return args.toArray(String[]::new);
  }

  private void awaitLog(Process process, String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(log) || !Files.readString(log).contains(text)) {
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void assertNoModelIsNew() {
    assertThat(models.resolve("1")).exists();
    assertThat(models.resolve("2")).doesNotExist();
  }

  private void assertOnlyTheModelBeforeIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(models)) {
      assertThat(left).containsExactly(models.resolve("1"));
    }
  }
}
