package vae.model;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The posterior q(z|x) = N(z_mean, diag(exp(z_std))) of a batch.
 *
 * @param zMean its mean, [batch, latent]
 * @param zStd the logarithm of its variance, [batch, latent]: the name is the tutorial's, the
 *     meaning follows from its sampler, {@code exp(z_std / 2)}, and its KL term
 */
public record Encoding(Operand<TFloat32> zMean, Operand<TFloat32> zStd) {}
