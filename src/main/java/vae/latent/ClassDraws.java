package vae.latent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import vae.config.Seed;
import vae.files.ModelException;
import vae.latent.Atlas.Place;

/**
 * Draws from the prior, restricted to where a class comes out and its codes lie. What is off the
 * prior is left out: the decoder was hardly trained there, and judges differ.
 */
public final class ClassDraws {
  /** Of so many draws the z's are taken. */
  public static final int DRAWS = 60_000;

  /** Draws of which the lesser of both is less sure than this on average are declared unsure. */
  public static final double UNSURE = 2 / 3.0;

  /**
   * So many of the draws, the surest, are a class's: a third of a percent of the prior. Fewer would
   * look alike, more would take in what only the judge holds for sure.
   */
  private static final int SUREST = 200;

  private static final int AT_ONCE = 250;

  private final Atlas atlas;
  private final float[][] draws;

  /** p(class | z) by the codes, [draw][class]. */
  private final double[][] byCodes;

  /** Draws, a function of the seed, which serve all classes. */
  public ClassDraws(Atlas atlas, Seed seed) {
    this.atlas = atlas;
    draws = Prior.draws(seed, 1, DRAWS, atlas.latent());
    byCodes = atlas.byCodes(draws);
  }

  private record Draw(int index, Place place) {}

  /**
   * The first of the draws that are a class's: the surest 200, or all that are as sure as is asked
   * for; if these are too few, the surest.
   *
   * @param count how many, up to half of {@link #DRAWS}
   * @param confidence the least {@link Place#sureness} that is asked for, if any
   */
  public List<Place> first(int label, int count, Optional<Double> confidence)
      throws ModelException {
    List<Draw> pool =
        confidence.isPresent()
            ? surest(label, DRAWS, confidence.get())
            : surest(label, Math.max(count, SUREST), 0);
    if (pool.size() < count) {
      pool = surest(label, count, 0);
    }
    return pool.stream()
        .sorted(Comparator.comparingInt(Draw::index))
        .limit(count)
        .map(Draw::place)
        .toList();
  }

  /** The surest draws: looked at by the codes' probability until no other can be surer. */
  private List<Draw> surest(int label, int most, double least) throws ModelException {
    int[] order =
        IntStream.range(0, DRAWS)
            .filter(i -> !Prior.isOff(draws[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -byCodes[i][label]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<Draw> best = new ArrayList<>();
    for (int from = 0; from < order.length; from += AT_ONCE) {
      double possible = byCodes[order[from]][label];
      if (possible < least
          || (best.size() == most && best.get(most - 1).place.sureness(label) >= possible)) {
        break;
      }
      int[] some =
          IntStream.range(from, Math.min(from + AT_ONCE, order.length))
              .map(i -> order[i])
              .toArray();
      List<Place> places =
          atlas.at(IntStream.of(some).mapToObj(i -> draws[i]).toArray(float[][]::new));
      for (int i = 0; i < some.length; i++) {
        if (places.get(i).sureness(label) >= least) {
          best.add(new Draw(some[i], places.get(i)));
        }
      }
      if (best.size() > most) {
        best.sort(Comparator.comparingDouble(draw -> -draw.place.sureness(label)));
        best.subList(most, best.size()).clear();
      }
    }
    return best;
  }
}
