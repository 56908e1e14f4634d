package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vae.Main;
import vae.config.NetworkShape;
import vae.testing.ChildJvm;
import vae.testing.LocalPort;
import vae.testing.Output;
import vae.testing.SmallModel;

/** The commands serve and explore, as programs of their own. */
class ServeTest {
  private static final Pattern URL = Pattern.compile("http://localhost:\\d+");

  @TempDir private Path folder;
  private Path models;

  @BeforeEach
  void publish() throws IOException {
    models = folder.resolve("models");
    try (var model = new SmallModel(new NetworkShape(784, 8, 2), 3)) {
      model.publish(models);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "explore --no-open"})
  void answersUntilItIsToldToStop(String command) throws Exception {
    Path log = folder.resolve("log");
    boolean page = command.startsWith("explore");
    int grpcPort = LocalPort.free();
    String line =
        command + (page ? "" : " --grpc-port " + grpcPort) + " --port 0 --saved-model " + models;
    Process process = ChildJvm.start(log, Main.class, line.split(" ", -1));
    try {
      String url = awaitUrl(process, log);
      HttpResponse<String> status = get(url + "/v1/models/vae");
      assertThat(status.statusCode()).isEqualTo(200);
      assertThat(status.body()).contains("AVAILABLE");
      assertThat(get(url + "/").statusCode()).isEqualTo(page ? 200 : 404);
      if (page) {
        assertThat(get(url + "/explore.js").body()).startsWith("\"use strict\"");
        assertThat(get(url + "/model.json").body()).startsWith("{\"source\":\"models/1\"");
      }
      if (!page) {
        assertThat(Files.readString(log))
            .contains("ready: " + url, "gRPC at localhost:" + grpcPort);
        assertThat(LocalPort.health(grpcPort)).isEqualTo(ServingStatus.SERVING);
      }
      long start = System.nanoTime();
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(6);
      assertThat(process.exitValue()).isEqualTo(143);
      assertThat(Files.readString(log)).doesNotContain("jetty").doesNotContain("Exception");
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"--port, --grpc-port", "--grpc-port, --port"})
  void aPortThatIsTakenIsToldInOneLine(String option, String other) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Output output =
          Output.of(
              "serve", option, "" + taken.getLocalPort(), other, "0", "--saved-model", "" + models);
      assertThat(output.exitCode()).isEqualTo(ExitCode.OUTPUT);
      assertThat(output.err())
          .contains(
              "error: 127.0.0.1:%d: can't listen (Address already in use); choose another port"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void aPortThatIsNoneIsToldAtOnce() {
    Output output = Output.of("serve", "--port", "70000", "--saved-model", "" + models);
    assertThat(output.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(output.err()).contains("--port: expected 0 to 65535, found 70000");
  }

  @Test
  void aFolderWithoutModelsIsToldInOneLine() throws IOException {
    Path empty = folder.resolve("none");
    Output output = Output.of("explore", "--no-open", "--saved-model", "" + empty);
    assertThat(output.exitCode()).isEqualTo(ExitCode.MODEL);
  }

  @Test
  void thePageIsOneFileWithoutTheModelsPath() throws IOException {
    Path file = folder.resolve("page.html");
    Output output = Output.ofSuccess("explore", "--export", file, "--saved-model", models);
    assertThat(output.err()).contains(file.toString());
    String page = Files.readString(file);
    assertThat(page)
        .contains("<script type=\"application/json\" id=\"model\">{\"source\":\"models/1\"")
        .doesNotContain(folder.toString())
        .doesNotContain("src=")
        .doesNotContain("stylesheet");
    assertThat(Arrays.stream(page.split("https?://", -1)).skip(1)).isEmpty();
    assertThat(page.toLowerCase(Locale.ROOT)).startsWith("<!doctype html>");
  }

  @Test
  void anOriginThatIsNoneIsToldAtOnce() {
    Output output =
        Output.of("serve", "--allow-origin", "localhost:3000/page", "--saved-model", "" + models);
    assertThat(output.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(output.err()).contains("expected a page's origin, such as http://localhost:3000");
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static String awaitUrl(Process process, Path log) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      Matcher url = URL.matcher(Files.exists(log) ? Files.readString(log) : "");
      if (url.find()) {
        return url.group();
      }
      assertThat(process.isAlive()).as("its server").isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50);
    }
  }
}
