package vae.storage;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import vae.files.IdxFile;
import vae.files.JsonFields;
import vae.files.ModelException;
import vae.files.SealedJson;
import vae.model.Perceptron;

/**
 * A small classifier that travels with a model in {@code assets.extra/judge}, so that what a z
 * decodes to can be called by its class. It is no part of the saved graph. Two files:
 *
 * <ul>
 *   <li>{@code weights-idx1-float32}: W₁, b₁, W₂, b₂ of {@link Perceptron}, one after another;
 *   <li>{@code judge.json}: their sizes, and how good the classifier is.
 * </ul>
 *
 * @param network the classifier
 * @param accuracy the share of images, not trained on, that it takes for what they are; NaN if
 *     there were too few to tell
 */
public record ImageJudge(Perceptron network, double accuracy) {
  private static final String FOLDER = "assets.extra/judge";
  private static final String WEIGHTS = "weights-idx1-float32";
  private static final String ABOUT = "judge.json";

  /** The classifier's parameters, by name. */
  public Map<String, float[]> parameters() {
    Map<String, float[]> parameters = new LinkedHashMap<>();
    parameters.put("hidden_weights", network.hiddenWeights());
    parameters.put("hidden_biases", network.hiddenBiases());
    parameters.put("weights", network.weights());
    parameters.put("biases", network.biases());
    return parameters;
  }

  void writeTo(Path model) throws IOException {
    Path folder = Files.createDirectories(model.resolve(FOLDER));
    float[][] weights = parameters().values().toArray(float[][]::new);
    int[] count = {Stream.of(weights).mapToInt(part -> part.length).sum()};
    IdxFile.write(folder.resolve(WEIGHTS), count, weights);
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("inputs", network.inputs());
    about.put("units", network.hiddenBiases().length);
    about.put("classes", network.classes());
    if (!Double.isNaN(accuracy)) {
      about.put("accuracy", accuracy);
    }
    SealedJson.write(about, folder.resolve(ABOUT));
  }

  /** Whether a model has one. */
  static boolean isIn(Path model) {
    return Files.exists(model.resolve(FOLDER).resolve(WEIGHTS));
  }

  /**
   * Reads a model's.
   *
   * @throws ModelException if it is damaged
   */
  static ImageJudge in(Path model) throws ModelException {
    Path folder = model.resolve(FOLDER);
    Path file = folder.resolve(WEIGHTS);
    FloatBuffer all = FloatBuffer.wrap(IdxFile.floats(file, 1).values());
    JsonFields about = SealedJson.read(folder.resolve(ABOUT));
    try {
      int inputs = about.integer("inputs");
      int units = about.integer("units");
      int classes = about.integer("classes");
      var network =
          new Perceptron(
              next(all, Math.multiplyExact(inputs, units)),
              next(all, units),
              next(all, Math.multiplyExact(units, classes)),
              next(all, classes));
      if (all.hasRemaining()) {
        throw new ModelException(
            file, "expected %,d numbers, found %,d".formatted(all.position(), all.capacity()));
      }
      return new ImageJudge(
          network, about.has("accuracy") ? about.number("accuracy").doubleValue() : Double.NaN);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelException(
          folder.resolve(ABOUT), "expected a classifier's sizes, found " + e.getMessage(), e);
    }
  }

  private static float[] next(FloatBuffer all, int size) {
    if (size < 1 || size > all.remaining()) {
      throw new IllegalArgumentException("a part of %,d of %,d".formatted(size, all.capacity()));
    }
    float[] part = new float[size];
    all.get(part);
    return part;
  }
}
