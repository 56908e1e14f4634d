package vae.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vae.functions.ModelSignature;
import vae.serve.Metrics.Entry;
import vae.tensor.Values;

/**
 * TensorFlow Serving's REST API for one model: {@code :predict}, status and metadata, answered and
 * refused as its server does. {@link HttpPort} speaks HTTP.
 */
final class RestApi {
  private static final String MODEL = "/v1/models/([^/:]+)(?:/versions/(\\d+)|/labels/([^/:]+))?";
  private static final Pattern POST = pattern(MODEL + ":(classify|regress|predict)");
  private static final Pattern GET = pattern(MODEL + "(?:/(metadata))?");
  private static final Pattern NAMELESS = pattern("/v1/models(?:/metadata)?");
  private static final String METRICS = "/monitoring/prometheus/metrics";

  private final ServedModel served;

  RestApi(ServedModel served) {
    this.served = served;
  }

  /** Whether a path is one that this answers. */
  static boolean serves(String path) {
    return path.toLowerCase(Locale.ROOT).startsWith("/v1/") || path.equals(METRICS);
  }

  /**
   * Answers a request.
   *
   * @param path as it came, without the query
   * @param caller who waits for it
   */
  Answer answer(String method, String path, byte[] body, Caller caller) {
    if (path.equals(METRICS)) {
      return new Answer(
          200,
          "text/plain; charset=utf-8",
          served.metrics().page().getBytes(StandardCharsets.UTF_8));
    }
    long start = System.nanoTime();
    String api = "";
    String code = "OK";
    try {
      Matcher request = match(method, path);
      String verb = request.group(4);
      api = verb == null ? "status" : verb.toLowerCase(Locale.ROOT);
      return answer(api, request, body, caller);
    } catch (ServingException e) {
      code = e.code().name();
      return Answer.error(e.code().status(), e.getMessage());
    } finally {
      served.metrics().count(Entry.REST, api, code, System.nanoTime() - start);
    }
  }

  /** Counts a request that was refused unread. */
  Answer refuse(ServingException e) {
    served.metrics().count(Entry.REST, "", e.code().name(), 0);
    return Answer.error(e.code().status(), e.getMessage());
  }

  private static Matcher match(String method, String path) throws ServingException {
    Matcher request = (method.equals("POST") ? POST : GET).matcher(path);
    boolean known = method.equals("POST") || method.equals("GET");
    if (known && request.matches()) {
      return request;
    }
    if (method.equals("GET") && NAMELESS.matcher(path).matches()) {
      throw ServingException.invalid("Missing model name in request.");
    }
    throw ServingException.invalid("Malformed request: " + method + " " + path);
  }

  private Answer answer(String api, Matcher request, byte[] body, Caller caller)
      throws ServingException {
    String model = decoded(Objects.requireNonNull(request.group(1)));
    OptionalLong version = version(request.group(2));
    if (request.group(3) != null) {
      throw ServedModel.unknownLabel(decoded(request.group(3)));
    }
    return switch (api) {
      case "predict" -> predict(model, version, body, caller);
      case "metadata" -> Answer.ofMetadata(served.name(), served.offer(model, version));
      case "classify", "regress" -> {
        String method = Signatures.of(served.offer(model, version).signatures(), "").method();
        throw ServedModel.takesNoExamples(api.equals("classify"), method);
      }
      default -> Answer.ofStates(served.states(model, version));
    };
  }

  private Answer predict(String model, OptionalLong version, byte[] body, Caller caller)
      throws ServingException {
    PredictRequest request = PredictRequest.read(body);
    Predictor predictor = served.predictor();
    SortedMap<String, Values> outputs =
        served.of(
            model,
            version,
            () -> {
              Predictor.Offer offer = predictor.offer(version);
              ModelSignature signature = Signatures.of(offer.signatures(), request.signature());
              return predictor
                  .predict(version, signature.key(), request.inputs(signature), caller)
                  .outputs();
            });
    return request.isInRows() ? Answer.ofRows(outputs) : Answer.ofColumns(outputs);
  }

  private static OptionalLong version(String text) throws ServingException {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw ServingException.invalid("Failed to convert version: " + text + " to numeric.");
    }
  }

  private static String decoded(String part) throws ServingException {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ServingException.invalid("Failed to decode model name:" + part);
    }
  }

  private static Pattern pattern(String path) {
    return Pattern.compile(path, Pattern.CASE_INSENSITIVE);
  }
}
