package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import vae.Main;
import vae.config.NetworkShape;
import vae.testing.ChildJvm;
import vae.testing.LocalPort;
import vae.testing.SmallModel;

/**
 * {@code serve} as docs/deploy.md runs it: by a user without a home who may write into one folder,
 * with a memory of 1 GiB, and two at once that share the folder.
 */
@EnabledOnOs(OS.LINUX)
class ContainerTest {
  private static final int NOBODY = 65_534;
  private static final long MOST_KIBIBYTES = 1 << 20;
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  @TempDir private Path folder;
  private Path cache;
  private final List<Process> servers = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    try (var model = new SmallModel(new NetworkShape(784, 8, 2), 3)) {
      model.publish(folder.resolve("models"));
    }
    cache = Files.createDirectory(folder.resolve("cache"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void stop() {
    servers.forEach(Process::destroyForcibly);
  }

  @Test
  void twoStartAtOnceAndAnswer() throws Exception {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (System.getenv("VAE_REQUIRE_PYTHON") != null) { // In CI nothing is skipped.
      assertThat(root).as("whoever may become another user").isTrue();
    }
    assumeTrue(root, "only root may become another user");
    String classPath = readableClassPath();
    int[] ports = {LocalPort.free(), LocalPort.free(), LocalPort.free(), LocalPort.free()};
    for (int i = 0; i < 2; i++) {
      start(classPath, ports[2 * i], ports[2 * i + 1], folder.resolve("log" + i));
    }
    for (int i = 0; i < 2; i++) {
      awaitReady(servers.get(i), folder.resolve("log" + i));
      assertThat(LocalPort.health(ports[2 * i + 1])).isEqualTo(ServingStatus.SERVING);
      for (int call = 0; call < 50; call++) {
        assertThat(generate(ports[2 * i])).isEqualTo(200);
      }
      assertThat(peakKibibytes(servers.get(i))).isLessThan(MOST_KIBIBYTES);
    }
    for (Process server : servers) {
      server.destroy();
      assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    try (Stream<Path> unpacked = Files.walk(cache)) {
      assertThat(unpacked.filter(file -> file.toString().contains("libtensorflow_cc")).count())
          .isPositive();
    }
  }

  /** By nobody, with no environment but the path, and memory as a container of 1 GiB tells of. */
  private void start(String classPath, int port, int grpcPort, Path log) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                "env",
                "-i",
                "HOME=/nonexistent",
                "PATH=" + System.getenv("PATH")));
    command.addAll(
        ChildJvm.command(
            Main.class,
            "serve",
            "--port",
            "" + port,
            "--grpc-port",
            "" + grpcPort,
            "--saved-model",
            "" + folder.resolve("models")));
    int at = command.indexOf("-cp");
    command.set(at + 1, classPath);
    command.addAll(
        at,
        List.of(
            "-XX:MaxRAM=1g",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Dorg.bytedeco.javacpp.cachedir=" + cache,
            "-Djava.io.tmpdir=" + cache));
    servers.add(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  /** The class path where everybody may read it. */
  private String readableClassPath() throws IOException {
    Path copies = Files.createDirectory(folder.resolve("lib"));
    List<String> readable = new ArrayList<>();
    String[] parts =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
            .split(File.pathSeparator, -1);
    for (int i = 0; i < parts.length; i++) {
      Path part = Path.of(parts[i]);
      Path copy = copies.resolve(i + "-" + part.getFileName());
      if (parts[i].isEmpty()) {
        continue;
      }
      if (Files.isDirectory(part)) {
        FileUtils.copyDirectory(part.toFile(), copy.toFile());
      } else if (Files.exists(part)) {
        try {
          Files.createLink(copy, part);
        } catch (IOException e) { // On another file system.
          Files.copy(part, copy);
        }
      }
      readable.add(copy.toString());
    }
    return String.join(File.pathSeparator, readable);
  }

  private static void awaitReady(Process server, Path log) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!Files.readString(log).contains("ready: ")) {
      assertThat(server.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static int generate(int port) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://localhost:" + port + "/v1/models/vae:predict"))
                .POST(
                    BodyPublishers.ofString(
                        "{\"signature_name\":\"generate\",\"instances\":[[0.5,-1]]}"))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private static long peakKibibytes(Process server) throws IOException {
    Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc/" + server.pid() + "/status")));
    assertThat(peak.find()).isTrue();
    return Long.parseLong(peak.group(1));
  }
}
