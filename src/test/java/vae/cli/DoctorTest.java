package vae.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import vae.Main;
import vae.machine.NvidiaDriver;
import vae.runtime.NativeLibraryJar;
import vae.testing.ChildJvm;
import vae.testing.Output;

/** The doctor on this machine, and on one that lacks things. */
class DoctorTest {
  @TempDir private Path folder;

  @Test
  void findsThisMachineFit() {
    Output output = Output.ofSuccess("doctor", "--device", "cpu");
    assertThat(output.err()).isEmpty();
    assertThat(output.out().lines())
        .contains("Java", "System", "CPU", "Memory and disk", "Threads", "TensorFlow", "CUDA")
        .contains("  version           " + Runtime.version() + " - ok")
        .contains("  version           2.18.0 - ok")
        .anyMatch(line -> line.matches(" {2}library +/.+/libtensorflow_cc\\.so\\.2"))
        .anyMatch(
            line ->
                line.matches(
                    " {2}CPU +\\d+ steps/s, loss \\d+\\.\\d at the first step, \\d+\\.\\d at the last"
                        + " - ok"))
        .allMatch(line -> line.matches(" {2}\\S.*|\\S.*"))
        .noneMatch(line -> line.contains(" - problem"))
        .last()
        .asString()
        .matches("all checks passed, \\d+ notes?");
  }

  @Test
  void writesJsonForPrograms() throws IOException {
    Output output = Output.ofSuccess("doctor", "--json", "--device", "cpu");
    assertThat(output.out().lines()).hasSize(1);
    Map<String, Object> json = JSON.std.mapFrom(output.out());
    assertThat(json).containsEntry("exit_code", 0).containsEntry("problems", 0);
    assertThat(fact(json, "java", "version"))
        .containsEntry("value", Runtime.version().toString())
        .containsEntry("verdict", "ok");
    assertThat(number(fact(json, "java", "heap_limit"), "value"))
        .isEqualTo((double) Runtime.getRuntime().maxMemory());
    Map<String, Object> cache = object(fact(json, "memory_and_disk", "native_cache"), "value");
    assertThat(Path.of(String.valueOf(cache.get("path")))).isDirectory();
    assertThat(fact(json, "tensorflow", "version")).containsEntry("value", "2.18.0");
    assertThat(fact(json, "cuda", "tensorflow_sees").get("value"))
        .isEqualTo(List.of("/job:localhost/replica:0/task:0/device:CPU:0"));
    Map<String, Object> training = object(fact(json, "training", "cpu"), "value");
    assertThat(number(training, "last_loss"))
        .isPositive()
        .isLessThan(number(training, "first_loss") / 2);
  }

  @Test
  @DisabledIf("hasCuda")
  void aGpuThatIsAskedForAndMissingIsAProblem() {
    Output output = Output.of("doctor", "--device", "gpu");
    assertThat(output.exitCode()).isEqualTo(ExitCode.DEVICE);
    assertThat(output.out())
        .contains("no GPU to use - problem: no GPU: the ")
        .contains("  GPU               none; the CUDA path is untested here\n")
        .containsPattern("\\R {2}CPU +\\d+ steps/s.* - ok\\R")
        .containsPattern("\\R1 problem, \\d+ notes?\\R$");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noToolNeedBeThere() throws Exception {
    Map<String, Object> json =
        doctor(ExitCode.OK, Map.of("PATH", "::relative:/no/such:\u0001\n:" + folder));
    assertThat(fact(json, "java", "maven"))
        .containsEntry("value", "not found")
        .containsEntry("verdict", "note");
    assertThat(fact(json, "cuda", "gpus")).containsEntry("value", List.of());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void toolsThatFailAreNotesAndWhatTheySayIsTamed() throws Exception {
    tool("mvn", "printf 'bad \\033]0;title\\007 \\342\\200\\256 day\\n'; exit 3");
    tool("nvidia-smi", "echo 'NVIDIA H100 80GB HBM3, 535.129.03, 81559 MiB'");
    Path log = folder.resolve("log");
    assertThat(doctor(log, Map.of("PATH", folder.toString()), List.of())).isZero();
    assertThat(Files.readString(log))
        .contains("mvn failed with exit code 3: bad ?]0;title? ? day; only building needs it")
        .doesNotContain("\u001b", "\u0007", "\u202e");
    if (!NativeLibraryJar.isForGpu()) {
      assertThat(Files.readString(log))
          .contains(
              "NVIDIA H100 80GB HBM3 (81559 MiB) - note: this build computes on the CPU; build with"
                  + " -Pgpu");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void tellsVariablesButNoSecretsOfOthers() throws Exception {
    Map<String, Object> json =
        doctor(
            ExitCode.OK,
            Map.of(
                "OMP_NUM_THREADS", "1",
                "TF_ENABLE_ONEDNN_OPTS", "0",
                "TF_VAR_password", "secret"));
    assertThat(String.valueOf(fact(json, "threads", "environment").get("text")))
        .contains("OMP_NUM_THREADS=1", "TF_ENABLE_ONEDNN_OPTS=0");
    assertThat(fact(json, "tensorflow", "onednn"))
        .containsEntry("value", false)
        .containsEntry("verdict", "note");
    assertThat(json.toString()).doesNotContain("secret");
  }

  /** No folder can be made in /proc, by root neither. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void foldersThatCanNotBeWrittenAreTold() throws Exception {
    Path log = folder.resolve("log");
    List<String> nowhere =
        List.of(
            "-Dorg.bytedeco.javacpp.cachedir=/proc/none",
            "-Duser.home=/proc/none",
            "-Djava.io.tmpdir=/proc/none");
    assertThat(doctor(log, Map.of(), nowhere)).isEqualTo(ExitCode.OUTPUT);
    assertThat(Files.readString(log))
        .containsPattern(
            "\\R {2}native cache +none - problem: .*-Dorg.bytedeco.javacpp.cachedir=DIR")
        .containsPattern(
            "\\R {2}temporary files +/proc/none, .*, not writable - problem: make room")
        .containsPattern("\\R {2}start +failed - problem: ")
        .containsPattern("\\R\\d problems, \\d+ notes?\\R")
        .doesNotContain("\tat ");
  }

  /** To a program a limit on its files is a full disk. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aCacheThatFillsUpIsTold() throws Exception {
    Path log = folder.resolve("log");
    List<String> cache =
        List.of("-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache").toString());
    Process doctor = ChildJvm.startLimited(2_000, log, cache, Main.class, "doctor");
    assertThat(doctor.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(doctor.exitValue()).as(Files.readString(log)).isEqualTo(ExitCode.INTERNAL);
    assertThat(Files.readString(log))
        .contains("the library will take 651 MiB")
        .containsPattern("\\R {2}start +failed - problem: a library can't be loaded: ")
        .contains("1 problem, ");
  }

  static boolean hasCuda() {
    return NvidiaDriver.kernelModule().isPresent();
  }

  /** Runs {@code doctor --json} in a process of its own, with more variables. */
  private Map<String, Object> doctor(int exitCode, Map<String, String> variables) throws Exception {
    Path out = folder.resolve("out");
    assertThat(doctor(out, variables, List.of(), "--json")).isEqualTo(exitCode);
    return JSON.std.mapFrom(Files.readString(out));
  }

  private static int doctor(
      Path out, Map<String, String> variables, List<String> jvmOptions, String... more)
      throws Exception {
    List<String> command = ChildJvm.command(Main.class, "doctor");
    command.addAll(1, jvmOptions);
    command.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("TF_ENABLE_ONEDNN_OPTS");
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private void tool(String name, String body) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /** A fact's fields. */
  private static Map<String, Object> fact(Map<String, Object> json, String section, String name) {
    return object(object(object(json, "sections"), section), name);
  }

  @SuppressWarnings("unchecked") // Of JSON's objects the names are texts.
  private static Map<String, Object> object(Map<String, Object> json, String name) {
    return (Map<String, Object>) requireNonNull(json.get(name), name);
  }

  private static double number(Map<String, Object> json, String name) {
    return ((Number) requireNonNull(json.get(name), name)).doubleValue();
  }
}
