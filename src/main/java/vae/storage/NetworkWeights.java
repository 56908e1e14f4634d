package vae.storage;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import vae.files.ModelException;
import vae.functions.Posterior;
import vae.tensor.Values;
import vae.tf1.ListedVariable;
import vae.tf1.Tf1Names;
import vae.tf1.TutorialVariable;

/**
 * A model's weights, for programs that compute the tutorial's network themselves: tanh, then z_mean
 * and z_std; tanh, then a sigmoid.
 *
 * @param input pixels of an image
 * @param hidden units of each hidden layer
 * @param latent dimensions of z
 * @param encodes whether the encoder too computes what the tutorial's does; the decoder always does
 * @param values the ten variables, row-major, by the tutorial's keys: {@code encoder_h1} [input,
 *     hidden], …
 */
public record NetworkWeights(
    int input, int hidden, int latent, boolean encodes, Map<String, float[]> values) {
  private static final float[] PROBES = {0, 1, -1.5f, 0.5f};
  private static final double TOLERANCE = 1e-3;
  private static final String FLOAT = "float32";

  /**
   * Of a model.
   *
   * @return nothing if it has other variables, or decodes something else by them
   * @throws ModelException if it can't generate, or its variables can't be read
   */
  public static Optional<NetworkWeights> of(LoadedModel model) throws ModelException {
    List<ListedVariable> listed = model.variables(Tf1Names.TRAINABLE_VARIABLES);
    if (TutorialVariable.roles(listed).isEmpty()
        || !listed.stream().allMatch(variable -> variable.dtype().startsWith(FLOAT))) {
      return Optional.empty();
    }
    Map<String, float[]> values = new TreeMap<>();
    Iterator<float[]> inOrder = model.values(Tf1Names.TRAINABLE_VARIABLES).values().iterator();
    for (TutorialVariable variable : TutorialVariable.values()) {
      values.put(variable.name().toLowerCase(Locale.ROOT), inOrder.next());
    }
    int input = Math.toIntExact(listed.get(0).shape().get(0));
    int hidden = Math.toIntExact(listed.get(0).shape().get(1));
    int latent = Math.toIntExact(listed.get(1).shape().get(1));
    var weights = new NetworkWeights(input, hidden, latent, false, values);
    return weights.decodesAs(model)
        ? Optional.of(new NetworkWeights(input, hidden, latent, weights.encodesAs(model), values))
        : Optional.empty();
  }

  private boolean encodesAs(LoadedModel model) throws ModelException {
    if (!model.vae().canEncode() || model.vae().inputSize() != input) {
      return false;
    }
    float[][] x = new float[1][input];
    for (int i = 0; i < input; i++) {
      x[0][i] = i % 7 / 6f;
    }
    Posterior expected = model.vae().encode(Values.of(x));
    float[] units = hiddenUnits(x[0], "encoder_h1", "encoder_b1");
    return isClose(layer(units, "z_mean_weights", "z_mean_biases", latent), expected.zMean()[0])
        && isClose(layer(units, "z_std_weights", "z_std_biases", latent), expected.zStd()[0]);
  }

  private static boolean isClose(double[] found, float[] expected) {
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= TOLERANCE * Math.max(1, Math.abs(expected[i])))) {
        return false;
      }
    }
    return true;
  }

  private float[] hiddenUnits(float[] inputs, String weights, String biases) {
    double[] sums = layer(inputs, weights, biases, hidden);
    float[] units = new float[hidden];
    for (int j = 0; j < hidden; j++) {
      units[j] = (float) Math.tanh(sums[j]);
    }
    return units;
  }

  /** Another program's graph may have such variables, and other activations. */
  private boolean decodesAs(LoadedModel model) throws ModelException {
    if (model.vae().latentSize() != latent) {
      return false;
    }
    float[][] z = new float[PROBES.length][latent];
    for (int i = 0; i < z.length; i++) {
      for (int k = 0; k < latent; k++) {
        z[i][k] = PROBES[(i + k) % PROBES.length];
      }
    }
    float[][] expected = model.vae().generate(Values.of(z)).matrix();
    for (int i = 0; i < z.length; i++) {
      if (expected[i].length != input || !isClose(decoded(z[i]), expected[i])) {
        return false;
      }
    }
    return true;
  }

  private double[] decoded(float[] z) {
    float[] units = hiddenUnits(z, "decoder_h1", "decoder_b1");
    double[] values = layer(units, "decoder_out", "decoder_out_biases", input);
    for (int i = 0; i < input; i++) {
      values[i] = 1 / (1 + Math.exp(-values[i]));
    }
    return values;
  }

  private double[] layer(float[] inputs, String weights, String biases, int outputs) {
    float[] w = Objects.requireNonNull(values.get(weights));
    float[] b = Objects.requireNonNull(values.get(biases));
    double[] sums = new double[outputs];
    for (int j = 0; j < outputs; j++) {
      sums[j] = b[j];
      for (int i = 0; i < inputs.length; i++) {
        sums[j] += (double) inputs[i] * w[i * outputs + j];
      }
    }
    return sums;
  }
}
