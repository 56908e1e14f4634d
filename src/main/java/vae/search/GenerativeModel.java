package vae.search;

import java.util.Optional;
import java.util.Set;
import vae.tf1.TensorName;

/**
 * Which tensors of a graph are a generative model's.
 *
 * @param kind what it is
 * @param image where images come in; nothing for a generator. All that they depend on is input
 *     pipeline
 * @param like images that are of the shape of what is decoded
 * @param code z: the sampler's output, an autoencoder's narrowest tensor, or what a generator is
 *     fed; a row an image
 * @param noise the ops that draw what the sampler adds
 * @param recon what the images are decoded to
 * @param isLogits whether recon's sigmoid is meant
 * @param decoder the code and the image of the decoder that makes images of noise: those above, or
 *     of a copy that computes as it does in use
 */
public record GenerativeModel(
    Kind kind,
    Optional<TensorName> image,
    Optional<TensorName> like,
    TensorName code,
    Set<String> noise,
    TensorName recon,
    boolean isLogits,
    Decoder decoder) {

  /** The kinds, as people read them; the richest first. */
  public enum Kind {
    VAE("a variational autoencoder"),
    AUTOENCODER("an autoencoder without a sampler"),
    GENERATOR("a generator only");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The part of the graph that leads from a code to an image. */
  public record Decoder(TensorName code, TensorName image) {}

  GenerativeModel(
      Kind kind,
      Optional<TensorName> image,
      Optional<TensorName> like,
      TensorName code,
      Set<String> noise,
      TensorName recon,
      boolean isLogits) {
    this(kind, image, like, code, noise, recon, isLogits, new Decoder(code, recon));
  }

  /** The same with another copy of its decoder. */
  GenerativeModel decodingBy(Decoder copy) {
    return new GenerativeModel(kind, image, like, code, noise, recon, isLogits, copy);
  }
}
