package vae.metagraph;

import java.util.List;
import java.util.Set;
import vae.tf1.TensorName;

/**
 * Which tensors of a graph are a VAE's.
 *
 * @param image where images come in; all that it depends on is input pipeline
 * @param latents the sampler's output z, then the same in other shapes: z is the first of them that
 *     is of shape [batch, latent]
 * @param noise the ops that draw what the sampler adds
 * @param recon x̂, the decoded z
 */
public record VaeTensors(
    TensorName image, List<TensorName> latents, Set<String> noise, TensorName recon) {}
