package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.Values;
import vae.testing.FileBytes;
import vae.testing.PythonTensorFlow;
import vae.testing.SmallModel;

/** What clients do that are not ours: gzip, the other loopback address, pages of other origins. */
class HttpClientsTest {
  private static final String GENERATE =
      "{\"signature_name\":\"generate\",\"instances\":[[0.5,-1],[2,0.25]]}";
  private static final String PAGE = "http://localhost:3000";

  @TempDir private static Path models;
  private static Predictor predictor;
  private static ModelServer server;
  private static int port;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeAll
  static void serve() throws IOException {
    try (var small = new SmallModel(new NetworkShape(784, 16, 2), 5)) {
      small.publish(models);
    }
    predictor =
        new Predictor(new ModelStore(models), folder -> LoadedModel.open(folder, Device.CPU));
    server = new ModelServer("vae", predictor, Set.of(), Set.of(PAGE), path -> Optional.empty());
    port =
        server.start(ModelServer.LOCALHOST, new ModelServer.Ports(0, OptionalInt.empty())).http();
  }

  @AfterAll
  static void stop() {
    server.close();
    predictor.close();
  }

  private static HttpRequest.Builder request(byte[] body) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/models/vae:predict"))
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static byte[] text() {
    return GENERATE.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void curlPythonAndNodeAreAnsweredOnLocalhost() throws IOException {
    if (System.getenv("VAE_REQUIRE_PYTHON") == null) { // In CI all three must be there.
      assumeTrue(isOnPath("curl") && isOnPath("python3") && isOnPath("node"));
    }
    assertThat(PythonTensorFlow.runShell("scripts/dev/check_clients.sh", port))
        .contains("right: curl-4", "right: curl-gzip-body", "right: python-gzip", "right: node");
  }

  private static boolean isOnPath(String program) {
    return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]"})
  void bothLoopbackAddressesAnswer(String host) throws Exception {
    var uri = URI.create("http://" + host + ":" + port + "/v1/models/vae");
    assertThat(
            CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aGzippedBodyIsInflatedAndAnAnswerGzipped() throws Exception {
    HttpResponse<byte[]> plain = CLIENT.send(request(text()).build(), BodyHandlers.ofByteArray());
    HttpResponse<byte[]> small =
        CLIENT.send(
            request(FileBytes.gzip(text()))
                .header("Content-Encoding", "gzip")
                .header("Accept-Encoding", "gzip")
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(small.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(small.body()).hasSizeLessThan(plain.body().length);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(small.body())).readAllBytes())
        .isEqualTo(plain.body());
  }

  @Test
  void aBombEndsWhereALargeBodyDoes() throws Exception {
    byte[] bomb = FileBytes.gzip(new byte[200 << 20]);
    assertThat(bomb).hasSizeLessThan(1 << 20);
    HttpResponse<String> answer =
        CLIENT.send(
            request(bomb).header("Content-Encoding", "gzip").build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("more than 32 MiB");
    answers();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 15, 40})
  void whatIsNoGzipIsRefused(int bytes) throws Exception {
    byte[] cut = Arrays.copyOf(FileBytes.gzip(text()), bytes);
    byte[] stirred = cut.clone();
    stirred[0] ^= 0x55;
    for (byte[] body : List.of(cut, stirred)) {
      HttpResponse<String> answer =
          CLIENT.send(
              request(body).header("Content-Encoding", "gzip").build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).startsWith("{\"error\":");
    }
    answers();
  }

  @Test
  void numbersAreNoLongerThanFloat32Needs() throws Exception {
    String text = CLIENT.send(request(text()).build(), BodyHandlers.ofString()).body();
    Map<String, Object> json = JSON.std.mapFrom(text);
    List<?> rows = (List<?>) Objects.requireNonNull(json.get("predictions"));
    Values noise = Values.of(new float[][] {{0.5f, -1}, {2, 0.25f}});
    float[] image =
        Objects.requireNonNull(predictor.predict("generate", Map.of("noise", noise)).get("image"))
            .row(0);
    List<?> first = (List<?>) rows.get(0);
    for (int i = 0; i < image.length; i++) {
      String written = String.valueOf(first.get(i));
      assertThat(Float.parseFloat(written)).isEqualTo(image[i]);
      assertThat(written.replaceAll("E.*|[-.]|^0\\.0*", "").length()).isLessThanOrEqualTo(10);
    }
  }

  @ParameterizedTest
  @CsvSource({PAGE + ", 200, true", "http://localhost:3001, 403, false"})
  void aPageThatIsNamedMayAsk(String origin, int status, boolean allowed) throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            request(text())
                .header("Origin", origin)
                .header("Sec-Fetch-Site", "cross-site")
                .header("Sec-Fetch-Mode", "cors")
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin").isPresent())
        .isEqualTo(allowed);
    // What was refused unread was hung up on.
    HttpResponse<String> preflight =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/v1/models/vae:predict"))
                    .method("OPTIONS", BodyPublishers.noBody())
                    .header("Origin", origin)
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type")
                    .build(),
                BodyHandlers.ofString());
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin").isPresent())
        .isEqualTo(allowed);
  }

  private static void answers() throws Exception {
    assertThat(CLIENT.send(request(text()).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }
}
