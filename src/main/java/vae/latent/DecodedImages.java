package vae.latent;

import vae.config.Seed;
import vae.files.ModelException;
import vae.functions.VaeFunctions;
import vae.tensor.PixelRange;
import vae.tensor.Values;

/** What z's decode to, in [0, 1] whatever a model's pixels go from and to. */
public final class DecodedImages {
  private static final int DRAWS = 16;

  private final VaeFunctions vae;
  private final PixelRange pixels;

  private DecodedImages(VaeFunctions vae, PixelRange pixels) {
    this.vae = vae;
    this.pixels = pixels;
  }

  /** Of a model, whose range is told by some draws: a dark image alone does not tell. */
  public static DecodedImages of(VaeFunctions vae) throws ModelException {
    int count = vae.batching().joins() ? DRAWS : 1;
    float[][] z = Prior.draws(new Seed(0), 0, count, vae.latentSize());
    return new DecodedImages(vae, PixelRange.of(vae.generate(Values.of(z)).floats()));
  }

  public PixelRange pixels() {
    return pixels;
  }

  /** Images that it has made, brought into [0, 1], [count][pixels]. */
  public float[][] unit(Values images) {
    return Values.wrap(images.type(), pixels.unit(images.floats()), images.shape()).matrix();
  }

  /** Images of z's, in [0, 1], [count][pixels]. */
  public float[][] of(float[][] z) throws ModelException {
    return unit(vae.generate(Values.of(z)));
  }
}
