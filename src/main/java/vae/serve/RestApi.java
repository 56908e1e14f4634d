package vae.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vae.serve.Predictor.VersionState;
import vae.serve.ServingException.Code;
import vae.storage.ModelSignature;
import vae.tensor.Values;

/**
 * TensorFlow Serving's REST API for one model: {@code :predict}, status and metadata, answered and
 * refused as its server does. HTTP itself is {@link ModelServer}'s.
 */
final class RestApi {
  private static final String MODEL = "/v1/models/([^/:]+)(?:/versions/(\\d+)|/labels/([^/:]+))?";
  private static final Pattern POST = pattern(MODEL + ":(classify|regress|predict)");
  private static final Pattern GET = pattern(MODEL + "(?:/(metadata))?");
  private static final Pattern NAMELESS = pattern("/v1/models(?:/metadata)?");
  private static final String METRICS = "/monitoring/prometheus/metrics";

  private final String name;
  private final Predictor predictor;
  private final Metrics metrics;

  /**
   * Answers for a model.
   *
   * @param name by which it is asked for
   */
  RestApi(String name, Predictor predictor) {
    this.name = name;
    this.predictor = predictor;
    this.metrics = new Metrics(name);
  }

  /** Whether a path is one that this answers. */
  static boolean serves(String path) {
    return path.toLowerCase(Locale.ROOT).startsWith("/v1/") || path.equals(METRICS);
  }

  /**
   * Answers a request.
   *
   * @param path as it came, without the query
   * @param deadline in {@link System#nanoTime}
   */
  Answer answer(String method, String path, byte[] body, long deadline) {
    if (path.equals(METRICS)) {
      return new Answer(
          200, "text/plain; charset=utf-8", metrics.page().getBytes(StandardCharsets.UTF_8));
    }
    long start = System.nanoTime();
    String api = "";
    String code = "OK";
    try {
      Matcher request = match(method, path);
      String verb = request.group(4);
      api = verb == null ? "status" : verb.toLowerCase(Locale.ROOT);
      return answer(api, request, body, deadline);
    } catch (ServingException e) {
      code = e.code().name();
      return Answer.error(e.code().status(), e.getMessage());
    } finally {
      metrics.count(api, code, System.nanoTime() - start);
    }
  }

  /** Counts a request that was refused unread. */
  Answer refuse(ServingException e) {
    metrics.count("", e.code().name(), 0);
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

  private Answer answer(String api, Matcher request, byte[] body, long deadline)
      throws ServingException {
    String model = decoded(Objects.requireNonNull(request.group(1)));
    OptionalLong version = version(request.group(2));
    if (request.group(3) != null) {
      throw ServingException.invalid(
          "Unrecognized servable version label: " + decoded(request.group(3)));
    }
    return switch (api) {
      case "predict" -> predict(model, version, body, deadline);
      case "metadata" -> Answer.ofMetadata(name, offer(model, version));
      case "classify", "regress" -> {
        String method = Signatures.of(offer(model, version).signatures(), "").method();
        throw ServingException.invalid(
            "Expected %s signature method_name to be tensorflow/serving/%s. Was: %s"
                .formatted(api.equals("classify") ? "classification" : "regression", api, method));
      }
      default -> status(model, version);
    };
  }

  private Answer predict(String model, OptionalLong version, byte[] body, long deadline)
      throws ServingException {
    PredictRequest request = PredictRequest.read(body);
    SortedMap<String, Values> outputs =
        of(
            model,
            version,
            () -> {
              Predictor.Offer offer = predictor.offer(version);
              ModelSignature signature = Signatures.of(offer.signatures(), request.signature());
              return predictor.predict(
                  version, signature.key(), request.inputs(signature), deadline);
            });
    return request.isInRows() ? Answer.ofRows(outputs) : Answer.ofColumns(outputs);
  }

  private Predictor.Offer offer(String model, OptionalLong version) throws ServingException {
    return of(model, version, () -> predictor.offer(version));
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws ServingException;
  }

  /** Asks a version of the model; tells if there is no such model or version (any more). */
  private <T> T of(String model, OptionalLong version, Question<T> question)
      throws ServingException {
    String asked =
        version.isPresent()
            ? "Specific(%s, %d)".formatted(model, version.getAsLong())
            : "Latest(%s)".formatted(model);
    try {
      if (model.equals(name)) {
        return question.ask();
      }
    } catch (ServingException e) {
      if (e.code() != Code.NOT_FOUND) {
        throw e;
      }
    }
    throw new ServingException(Code.NOT_FOUND, "Servable not found for request: " + asked);
  }

  private Answer status(String model, OptionalLong version) throws ServingException {
    SortedMap<Long, VersionState> states =
        model.equals(name) ? predictor.states() : new TreeMap<>();
    if (version.isEmpty() && states.isEmpty()) {
      throw new ServingException(Code.NOT_FOUND, "Could not find any versions of model " + model);
    }
    if (version.isEmpty()) {
      return Answer.ofStates(states);
    }
    VersionState state = states.get(version.getAsLong());
    if (state == null) {
      throw new ServingException(
          Code.NOT_FOUND,
          "Could not find version %d of model %s".formatted(version.getAsLong(), model));
    }
    return Answer.ofStates(new TreeMap<>(Map.of(version.getAsLong(), state)));
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
