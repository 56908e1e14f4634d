package vae.serve;

import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import vae.serve.Predictor.Offer;
import vae.serve.Predictor.VersionState;
import vae.serve.ServingException.Code;

/**
 * A model under the name by which clients ask for it: what REST and gRPC have in common. What is
 * said of wrong names, versions and methods is what TensorFlow Serving says.
 */
final class ServedModel {
  private final String name;
  private final Predictor predictor;
  private final Metrics metrics;

  /** A model under a name. */
  ServedModel(String name, Predictor predictor) {
    this.name = name;
    this.predictor = predictor;
    this.metrics = new Metrics(name);
  }

  /** By which it is asked for. */
  String name() {
    return name;
  }

  /** What answers. */
  Predictor predictor() {
    return predictor;
  }

  /** What is counted of its requests. */
  Metrics metrics() {
    return metrics;
  }

  /** What is asked of a model. */
  @FunctionalInterface
  interface Question<T> {
    /** Asks it. */
    T ask() throws ServingException;
  }

  /**
   * Asks a version of the model.
   *
   * @param model the name that was given
   * @throws ServingException if there is no such model or version (any more)
   */
  <T> T of(String model, OptionalLong version, Question<T> question) throws ServingException {
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

  /**
   * What a version offers.
   *
   * @throws ServingException if there is no such model or version
   */
  Offer offer(String model, OptionalLong version) throws ServingException {
    return of(model, version, () -> predictor.offer(version));
  }

  /**
   * How its versions stand, or the one that is asked for.
   *
   * @throws ServingException if there is no such model or version
   */
  SortedMap<Long, VersionState> states(String model, OptionalLong version) throws ServingException {
    SortedMap<Long, VersionState> states =
        model.equals(name) ? predictor.states() : new TreeMap<>();
    if (version.isEmpty() && states.isEmpty()) {
      throw new ServingException(Code.NOT_FOUND, "Could not find any versions of model " + model);
    }
    if (version.isEmpty()) {
      return states;
    }
    VersionState state = states.get(version.getAsLong());
    if (state == null) {
      throw new ServingException(
          Code.NOT_FOUND,
          "Could not find version %d of model %s".formatted(version.getAsLong(), model));
    }
    return new TreeMap<>(Map.of(version.getAsLong(), state));
  }

  /** Versions have numbers alone: every label is refused. */
  static ServingException unknownLabel(String label) {
    return ServingException.invalid("Unrecognized servable version label: " + label);
  }

  /**
   * What is said to those who ask with tf.Examples: no signature that is served takes any.
   *
   * @param classifies whether they want classes; else a regression
   * @param method the signature's
   */
  static ServingException takesNoExamples(boolean classifies, String method) {
    return ServingException.invalid(
        "Expected %s signature method_name to be tensorflow/serving/%s. Was: %s"
            .formatted(
                classifies ? "classification" : "regression",
                classifies ? "classify" : "regress",
                method));
  }
}
