package vae.report;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import vae.config.ClassNames;
import vae.functions.Posterior;
import vae.mnist.Labels;
import vae.picture.PlanePicture;
import vae.picture.PlanePicture.LegendLine;
import vae.tf1.Tf1Names;

/**
 * Where images lie in the latent space.
 *
 * @param labels one an image
 * @param codes of the images
 */
public record CodesReport(Labels labels, Posterior codes) {
  private static final double LEAST_REACH = 3;
  private static final double MOST_REACH = 8;

  /** A table with a header: z_mean, z_std and the class of each image. */
  public String csv() {
    List<String> header = new ArrayList<>();
    IntStream.rangeClosed(1, codes.zMean()[0].length).forEach(k -> header.add(Tf1Names.Z_MEAN + k));
    IntStream.rangeClosed(1, codes.zStd()[0].length).forEach(k -> header.add(Tf1Names.Z_STD + k));
    header.add("label");
    var text = new StringBuilder(Csv.row(header));
    for (int i = 0; i < labels.count(); i++) {
      List<Object> row = new ArrayList<>();
      for (float[] values : List.of(codes.zMean()[i], codes.zStd()[i])) {
        for (float value : values) {
          row.add(value);
        }
      }
      row.add(labels.of(i) < 0 ? "" : classes().of(labels.of(i)));
      text.append(Csv.row(row));
    }
    return text.toString();
  }

  /** The means in the plane, coloured by class. */
  public BufferedImage picture(boolean hasPrior) {
    int[] all = IntStream.range(0, labels.count()).map(labels::of).toArray();
    List<LegendLine> legend = new ArrayList<>();
    for (int label = 0; label < classes().size(); label++) {
      int each = label;
      long count = IntStream.of(all).filter(found -> found == each).count();
      if (count > 0) {
        legend.add(new LegendLine(label, classes().of(label), "%,d images".formatted(count)));
      }
    }
    double farthest = 0;
    for (float[] mean : codes.zMean()) {
      for (float value : mean) {
        farthest = Math.max(farthest, Math.abs(value));
      }
    }
    double reach = Math.max(LEAST_REACH, Math.min(MOST_REACH, Math.ceil(farthest * 2) / 2));
    var plane =
        new PlanePicture("z_mean of %,d images".formatted(all.length), reach)
            .points(codes.zMean(), all);
    String key = legend.isEmpty() ? "no labels" : "class";
    return hasPrior
        ? plane
            .priorContours()
            .withLegend(
                key, legend, List.of("Dashed: the circles that hold", "so much of the prior."))
        : plane.withLegend(key, legend, List.of("An autoencoder:", "its codes have no prior."));
  }

  private ClassNames classes() {
    return labels.classes().orElse(ClassNames.numbered(1));
  }
}
