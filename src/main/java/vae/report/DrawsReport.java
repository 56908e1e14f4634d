package vae.report;

import java.util.DoubleSummaryStatistics;
import java.util.Formatter;
import java.util.List;
import java.util.Optional;
import vae.config.ClassNames;
import vae.latent.Atlas.Place;
import vae.latent.ClassDraws;
import vae.latent.Prior;

/**
 * Draws of a class.
 *
 * @param places where they lie
 * @param label the class
 */
public record DrawsReport(List<Place> places, ClassNames classes, int label) {

  /** For people: a line a draw. */
  public String text() {
    var text = new Formatter();
    text.format("z                    p(image)  p(codes)  prior farther out%n");
    for (Place place : places) {
      text.format("%-20s", PlaceReport.point(place.z()));
      text.format(" %8.3f  %8.3f", place.byImage()[label], place.byCodes()[label]);
      text.format("  %.3g%n", Prior.shareBeyond(place.z()));
    }
    return text.toString();
  }

  /**
   * Why the draws are perhaps not what was asked for.
   *
   * @param confidence the least that was asked for, if any
   */
  public Optional<String> doubt(Optional<Double> confidence) {
    DoubleSummaryStatistics sureness =
        places.stream().mapToDouble(place -> place.sureness(label)).summaryStatistics();
    if (sureness.getAverage() < ClassDraws.UNSURE) {
      return Optional.of(
          ("warning: unsure: of %,d draws the surest %,d are %s with only %.2f on average; a model"
                  + " trained longer, or with --preset best, knows its classes apart")
              .formatted(
                  ClassDraws.DRAWS, places.size(), classes.of(label), sureness.getAverage()));
    }
    return confidence
        .filter(least -> sureness.getMin() < least)
        .map(
            least ->
                "note: too few draws are surer than %.2f; the surest are taken, from %.2f on"
                    .formatted(least, sureness.getMin()));
  }
}
