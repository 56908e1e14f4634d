package vae.latent;

import java.util.ArrayList;
import java.util.List;
import vae.config.Seed;

/** Draws from the prior, restricted to where a digit is likely. */
public final class DigitDraws {
  private static final int AT_ONCE = 2_048;
  private static final int MOST = 500 * AT_ONCE;

  private DigitDraws() {}

  /**
   * Draws z's by rejection, a function of the seed.
   *
   * @param confidence the least p(digit | z)
   * @return as many as were asked for, or fewer if a million draws give no more
   */
  public static List<Atlas.Place> of(
      Atlas atlas, int digit, double confidence, int count, Seed seed, Progress progress) {
    List<Atlas.Place> taken = new ArrayList<>();
    for (int round = 0; taken.size() < count && round * AT_ONCE < MOST; round++) {
      for (Atlas.Place place : atlas.at(Prior.draws(seed, round + 1, AT_ONCE, atlas.latent()))) {
        if (taken.size() < count
            && place.isInhabited()
            && place.probabilities()[digit] >= confidence) {
          taken.add(place);
        }
      }
      progress.done(taken.size(), count);
    }
    return taken;
  }
}
