package vae.metagraph;

import java.util.Optional;
import vae.tf1.TensorName;

/**
 * Which tensors of a graph are a VAE's.
 *
 * @param image where images come in; all that it depends on is input pipeline
 * @param latent z, the sampler's output, [batch, latent]
 * @param posterior what z is drawn from; empty where z is no mean plus scale times noise
 * @param recon x̂, the decoded z
 */
record VaeTensors(
    TensorName image, TensorName latent, Optional<Posterior> posterior, TensorName recon) {}
