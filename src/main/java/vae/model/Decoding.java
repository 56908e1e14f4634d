package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What the decoder makes of a batch of z: the parameters of p(x|z), a Bernoulli a pixel.
 *
 * @param logits the log-odds of each pixel, [batch, input]
 * @param image sigmoid(logits), the probabilities, x̂ in [0, 1], [batch, input]
 */
public record Decoding(Operand<TFloat32> logits, Operand<TFloat32> image) {}
