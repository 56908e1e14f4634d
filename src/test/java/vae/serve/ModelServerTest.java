package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import vae.config.Device;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.Values;
import vae.testing.SmallModel;

/** The server as other programs meet it: over HTTP. */
class ModelServerTest {
  private static final String GENERATE =
      "{\"signature_name\":\"generate\",\"instances\":[[0.5,-1]]}";

  @TempDir private static Path models;
  private static Predictor predictor;
  private static ModelServer server;
  private static int port;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path work;

  /** A request, and what TensorFlow Serving answers. */
  record Pair(String method, String path, String body, int status, String answer) {
    @Override
    public String toString() {
      return method + " " + path + " " + body;
    }
  }

  @BeforeAll
  static void serve() throws IOException {
    KnownModel.publish(models);
    predictor = predictor(models);
    server = server(predictor);
    port = start(server);
  }

  @AfterAll
  static void stop() {
    server.close();
    predictor.close();
  }

  private static Predictor predictor(Path base) throws IOException {
    return new Predictor(new ModelStore(base), folder -> LoadedModel.open(folder, Device.CPU));
  }

  private static ModelServer server(Predictor predictor) {
    return new ModelServer(
        "vae",
        predictor,
        Set.of("known.test"),
        Set.of(),
        path ->
            path.equals("/")
                ? Optional.of(
                    new ModelServer.Page("text/html", "a page".getBytes(StandardCharsets.US_ASCII)))
                : Optional.empty());
  }

  private static int start(ModelServer server) throws IOException {
    return server
        .start(ModelServer.LOCALHOST, new ModelServer.Ports(0, OptionalInt.empty()))
        .http();
  }

  static Stream<Pair> golden() throws IOException {
    try (InputStream in = ModelServerTest.class.getResourceAsStream("golden.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Pair> pairs = new ArrayList<>();
      for (String each : text.strip().split("\n\n", -1)) {
        String[] sides = each.split("\n< ", -1);
        String[] asked = sides[0].substring(2).split("\n", 2);
        String[] answered = sides[1].split("\n", 2);
        String[] line = asked[0].split(" ", 2);
        pairs.add(
            new Pair(
                line[0],
                line[1],
                asked.length > 1 ? asked[1] : "",
                Integer.parseInt(answered[0]),
                answered[1]));
      }
      return pairs.stream();
    }
  }

  @Test
  void thereAreManyPairs() throws IOException {
    assertThat(golden()).hasSizeGreaterThan(60);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void answersAsTensorFlowServingDoes(Pair pair) throws Exception {
    HttpResponse<String> answer = ask(port, pair.method(), pair.path(), pair.body());
    assertThat(answer.statusCode()).isEqualTo(pair.status());
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    if (pair.answer().endsWith("~")) {
      String begin = pair.answer().substring(0, pair.answer().length() - 1);
      assertThat(answer.body()).startsWith(begin).endsWith("\"}");
    } else {
      assertThat(answer.body()).isEqualTo(pair.answer());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "evil.test, , 403",
    "evil.test:8501, , 403",
    "localhost.evil.test, , 403",
    "127.0.0.1.evil.test, , 403",
    "known.test, , 200",
    "KNOWN.test:1, , 200",
    "localhost:8501, , 200",
    "127.0.0.1:8501, , 200",
    "[::1]:8501, , 200",
    "localhost:8501, http://evil.test, 403",
    "localhost:8501, http://localhost:8502, 403",
    "localhost:8501, https://localhost:8501, 403",
    "localhost:8501, null, 403",
    "localhost:8501, http://localhost:8501, 200",
  })
  void keepsStrangePagesAway(String host, String origin, int status) throws IOException {
    String from = origin == null ? "" : "Origin: " + origin + "\r\n";
    for (String path : List.of("/", "/v1/models/vae")) {
      String request = "GET %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n";
      assertThat(raw(request.formatted(path, host, from))).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cross-site, no-cors, 403",
    "same-site, no-cors, 403",
    "cross-site, navigate, 200",
    "same-origin, cors, 200",
    "none, navigate, 200",
  })
  void aStrangePageMayLinkHereAndNoMore(String site, String mode, int status) throws IOException {
    String request =
        String.join(
            "\r\n",
            "GET / HTTP/1.1",
            "Host: localhost",
            "Sec-Fetch-Site: %s",
            "Sec-Fetch-Mode: %s",
            "Connection: close",
            "",
            "");
    assertThat(raw(request.formatted(site, mode))).startsWith("HTTP/1.1 " + status + " ");
  }

  /** A proxy that has TLS asks by the name it is known by. */
  @Test
  void aKnownNameMayBeAskedByHttps() throws IOException {
    String request =
        "GET / HTTP/1.1\r\nHost: known.test\r\nOrigin: %s\r\nConnection: close\r\n\r\n";
    assertThat(raw(request.formatted("https://known.test"))).startsWith("HTTP/1.1 200 ");
    assertThat(raw(request.formatted("https://other.test"))).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void aRequestWithoutHostIsRefused() throws IOException {
    assertThat(raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(raw("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void everyAnswerForbidsWhatAPageNeedNotDo() throws Exception {
    for (String path : List.of("/", "/nothing", "/v1/models/vae")) {
      var headers = ask(port, "GET", path, "").headers();
      assertThat(headers.firstValue("Content-Security-Policy"))
          .hasValueSatisfying(
              policy -> assertThat(policy).startsWith("default-src 'none'; script-src 'self'"));
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(headers.firstValue("Server")).isEmpty();
    }
  }

  @Test
  void aPageIsForReadingOnly() throws Exception {
    assertThat(ask(port, "GET", "/", "").body()).isEqualTo("a page");
    assertThat(ask(port, "POST", "/", "x").statusCode()).isEqualTo(405);
    assertThat(raw("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("\r\n\r\n");
    assertThat(ask(port, "GET", "/../pom.xml", "").statusCode()).isIn(400, 404);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBodyOverTheLimitIsRefused(boolean chunked) throws Exception {
    byte[] body = new byte[33 << 20];
    var publisher =
        chunked
            ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
            : BodyPublishers.ofByteArray(body);
    try {
      HttpResponse<String> answer =
          CLIENT.send(
              HttpRequest.newBuilder(uri(port, "/v1/models/vae:predict")).POST(publisher).build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("Request body is too large");
    } catch (IOException e) {
      // The server may hang up before it has been sent all; it lives on either way.
      assertThat(e).hasMessageMatching("(?s).*(reset|closed|EOF|[Bb]roken pipe|header).*");
    }
    assertThat(ask(port, "GET", "/v1/models/vae", "").statusCode()).isEqualTo(200);
  }

  @Test
  void aHeaderOverTheLimitIsRefused() throws IOException {
    String header = "X: " + "y".repeat(20_000);
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ")
        .contains("{\"error\":");
  }

  @Test
  void deepNestingIsRefused() throws Exception {
    String deep = "{\"instances\":" + "[".repeat(100_000);
    HttpResponse<String> answer = ask(port, "POST", "/v1/models/vae:predict", deep);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("JSON Parse error");
  }

  /** Bodies made of a good one's pieces, cut, doubled and stirred. */
  @Test
  void noBodyIsTheServersFault() {
    var api = new RestApi(new ServedModel("vae", predictor));
    byte[] good =
        "{\"signature_name\":\"encode\",\"inputs\":{\"image\":[[0,0.5,-1e3,NaN],[true,\"x\",null,{}]]}}"
            .getBytes(StandardCharsets.UTF_8);
    Random random = new Random(8);
    int answered = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] body = good.clone();
      for (int change = random.nextInt(6); change >= 0; change--) {
        int at = random.nextInt(body.length);
        body[at] =
            random.nextBoolean() ? good[random.nextInt(good.length)] : (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        body = Arrays.copyOf(body, random.nextInt(body.length));
      }
      Answer answer =
          api.answer(
              "POST", "/v1/models/vae:predict", body, Caller.patientFor(Duration.ofSeconds(1)));
      assertThat(answer.status()).as(new String(body, StandardCharsets.UTF_8)).isIn(200, 400);
      answered++;
    }
    assertThat(answered).isEqualTo(10_000);
  }

  @Test
  void manyAtOnceGetWhatIsTheirs() throws Exception {
    Path base = work.resolve("small");
    try (var small = new SmallModel(5)) {
      small.publish(base);
    }
    try (Predictor own = predictor(base);
        LoadedModel model = LoadedModel.open(base.resolve("1"), Device.CPU)) {
      List<CompletableFuture<Void>> callers = new ArrayList<>();
      for (int caller = 0; caller < 16; caller++) {
        int number = caller;
        callers.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int call = 0; call < 50; call++) {
                    float[][] z = {{number, call / 50f}, {-number, call}};
                    try {
                      float[][] found =
                          Objects.requireNonNull(
                                  own.predict("generate", Map.of("noise", Values.of(z)))
                                      .get("image"))
                              .matrix();
                      float[][] alone = model.vae().generate(Values.of(z)).matrix();
                      for (int row = 0; row < 2; row++) {
                        assertThat(found[row]).containsExactly(alone[row], Offset.offset(1e-6f));
                      }
                    } catch (ServingException | IOException e) {
                      throw new AssertionError(e);
                    }
                  }
                },
                command -> new Thread(command).start()));
      }
      callers.forEach(CompletableFuture::join);
    }
  }

  @Test
  void aNewVersionIsTakenUpAndABrokenOneIsNot() throws Exception {
    Path base = work.resolve("versions");
    KnownModel.publish(base);
    var stop = new AtomicBoolean();
    try (Predictor own = predictor(base);
        ModelServer other = server(own)) {
      int at = start(other);
      CompletableFuture<Integer> asked =
          CompletableFuture.supplyAsync(
              () -> {
                int count = 0;
                while (!stop.get()) {
                  assertThat(ask(at, "POST", "/v1/models/vae:predict", GENERATE).statusCode())
                      .isEqualTo(200);
                  count++;
                }
                return count;
              });
      KnownModel.publish(base);
      awaitStatus(at, "\"version\":\"2\",\"state\":\"AVAILABLE\"");
      Files.createDirectories(base.resolve("3"));
      Files.writeString(base.resolve("3/saved_model.pb"), "no model");
      awaitStatus(
          at, "\"version\":\"3\",\"state\":\"END\",\"status\":{\"error_code\":\"INTERNAL\"");
      stop.set(true);
      assertThat(asked.get()).isPositive();
      assertThat(ask(at, "GET", "/v1/models/vae", "").body())
          .contains("\"version\":\"1\",\"state\":\"END\",\"status\":{\"error_code\":\"OK\"");
      assertThat(ask(at, "POST", "/v1/models/vae/versions/1:predict", GENERATE).statusCode())
          .isEqualTo(404);
      assertThat(ask(at, "POST", "/v1/models/vae/versions/2:predict", GENERATE).statusCode())
          .isEqualTo(200);
    }
  }

  /** A folder that is being copied is a broken model until the copy is done. */
  @Test
  void aVersionThatIsCopiedSlowlyIsTakenUpInTheEnd() throws Exception {
    Path base = work.resolve("slow");
    Path good = KnownModel.publish(work.resolve("source"));
    KnownModel.publish(base);
    Predictor own = predictor(base);
    try {
      Files.createDirectories(base.resolve("4"));
      Files.copy(good.resolve("saved_model.pb"), base.resolve("4/saved_model.pb"));
      FileUtils.copyDirectory(good.toFile(), base.resolve("3").toFile());
      awaitVersion(own, 3);
      assertThat(own.states())
          .hasEntrySatisfying(4L, s -> assertThat(s.code()).isEqualTo("INTERNAL"));
      FileUtils.copyDirectory(good.toFile(), base.resolve("4").toFile());
      awaitVersion(own, 4);
      assertThat(own.states().values().stream().filter(s -> s.state().equals("AVAILABLE")))
          .hasSize(1);
    } finally {
      own.close();
      own.close(); // Does nothing.
    }
  }

  private static void awaitVersion(Predictor own, long version) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (own.offer(OptionalLong.empty()).version() != version) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  @Test
  void prometheusReadsWhatWasAnswered() throws Exception {
    ask(port, "POST", "/v1/models/vae:predict", GENERATE);
    ask(port, "POST", "/v1/models/vae:predict", "{}");
    String page = ask(port, "GET", "/monitoring/prometheus/metrics", "").body();
    assertThat(page)
        .containsPattern(
            ":tensorflow:serving:request_count\\{model_name=\"vae\",status=\"OK\"} [1-9]")
        .containsPattern("status=\"INVALID_ARGUMENT\"} [1-9]")
        .containsPattern("API=\"predict\",entrypoint=\"REST\",le=\"\\+Inf\"} [1-9]");
  }

  @Test
  void slowSendersHoldUpNobody() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String begin = "POST /v1/models/vae:predict HTTP/1.1\r\nHost: localhost\r\n";
        String rest = i % 2 == 0 ? "" : "Content-Length: 1000\r\n\r\n{\"inst";
        socket.getOutputStream().write((begin + rest).getBytes(StandardCharsets.US_ASCII));
        slow.add(socket);
      }
      for (int i = 0; i < 20; i++) {
        assertThat(ask(port, "POST", "/v1/models/vae:predict", GENERATE).statusCode())
            .isEqualTo(200);
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  /** Bodies of unknown length may fill all the room for bodies; who sends none needs none. */
  @Test
  void thoseWhoSendInChunksKeepNobodyFromReading() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String begin =
            String.join(
                "\r\n",
                "POST /v1/models/vae:predict HTTP/1.1",
                "Host: localhost",
                "Transfer-Encoding: chunked",
                "",
                "1",
                "{",
                "");
        socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
        slow.add(socket);
      }
      for (int i = 0; i < 12; i++) {
        assertThat(ask(port, "GET", "/v1/models/vae", "").statusCode()).isEqualTo(200);
        assertThat(ask(port, "GET", "/v1/models/vae/metadata", "").statusCode()).isEqualTo(200);
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void manyContainersAreRefused() {
    String body = "{\"instances\":[" + "{},".repeat(1 << 20) + "{}]}";
    HttpResponse<String> answer = ask(port, "POST", "/v1/models/vae:predict", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("More than 1,048,576 objects and arrays");
  }

  @Test
  void whatIsShownOfAValueIsShort() {
    var keys = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      keys.append(",\"k").append(i).append("\":1");
    }
    String body = "{\"instances\":[[1]],\"signature_name\":{\"a\":1e30" + keys + "}}";
    HttpResponse<String> answer = ask(port, "POST", "/v1/models/vae:predict", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).hasSizeLessThan(1_000).contains("1.0E30");
  }

  @Test
  void tooManyAtOnceAreTurnedAwayAndLaterLetIn() {
    String many = "[1,2],".repeat(20_000);
    String body = "{\"signature_name\":\"generate\",\"instances\":[" + many + "[3,4]]}";
    HttpRequest request =
        HttpRequest.newBuilder(uri(port, "/v1/models/vae:predict"))
            .POST(BodyPublishers.ofString(body))
            .build();
    List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      asked.add(CLIENT.sendAsync(request, BodyHandlers.ofString()));
    }
    List<Integer> statuses = asked.stream().map(each -> each.join().statusCode()).toList();
    assertThat(statuses).contains(200, 503).isSubsetOf(200, 503);
    for (int i = 0; i < 100; i++) {
      assertThat(ask(port, "POST", "/v1/models/vae:predict", GENERATE).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatIsInFlightEndsWhenTheServerStops() throws Exception {
    Path base = work.resolve("stopping");
    KnownModel.publish(base);
    try (Predictor own = predictor(base)) {
      ModelServer other = server(own);
      int at = start(other);
      String many = "[1,2],".repeat(200_000);
      String body = "{\"signature_name\":\"generate\",\"instances\":[" + many + "[3,4]]}";
      CompletableFuture<HttpResponse<String>> large =
          CompletableFuture.supplyAsync(() -> ask(at, "POST", "/v1/models/vae:predict", body));
      Thread.sleep(150);
      long start = System.nanoTime();
      other.close();
      assertThat(System.nanoTime() - start).isLessThan(5_500_000_000L);
      HttpResponse<String> answer = large.get();
      assertThat(answer.statusCode()).isEqualTo(200);
      List<Object> rows = JSON.std.mapFrom(answer.body()).values().stream().toList();
      assertThat((List<?>) rows.get(0)).hasSize(200_001);
    }
  }

  private static void awaitStatus(int at, String part) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!ask(at, "GET", "/v1/models/vae", "").body().contains(part)) {
      assertThat(System.nanoTime()).as("waited for " + part).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static HttpResponse<String> ask(int at, String method, String path, String body) {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(uri(at, path))
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private static URI uri(int at, String path) {
    return URI.create("http://localhost:" + at + path);
  }

  private static String raw(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[2_000];
      int read = socket.getInputStream().readNBytes(answer, 0, answer.length);
      return new String(answer, 0, read, StandardCharsets.UTF_8);
    }
  }
}
