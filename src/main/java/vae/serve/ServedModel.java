package vae.serve;

import java.util.List;
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
record ServedModel(String name, Predictor predictor, Metrics metrics) {
  ServedModel(String name, Predictor predictor) {
    this(name, predictor, new Metrics(name));
  }

  @FunctionalInterface
  interface Question<T> {
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
    version.ifPresent(number -> states.keySet().retainAll(List.of(number)));
    if (states.isEmpty()) {
      String what =
          version.isPresent() ? "version %d".formatted(version.getAsLong()) : "any versions";
      throw new ServingException(
          Code.NOT_FOUND, "Could not find %s of model %s".formatted(what, model));
    }
    return states;
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
