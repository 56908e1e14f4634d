package vae.functions;

/**
 * The posterior of a batch of images, a Gaussian of independent dimensions each.
 *
 * @param zMean its mean, [batch][latent]
 * @param zStd the logarithm of its variance, [batch][latent]
 */
@SuppressWarnings("ArrayRecordComponent") // Only read; never compared.
public record Posterior(float[][] zMean, float[][] zStd) {}
