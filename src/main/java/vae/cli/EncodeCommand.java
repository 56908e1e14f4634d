package vae.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.ClassNames;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.functions.Posterior;
import vae.latent.CodesFit;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.picture.PlanePicture;
import vae.picture.PlanePicture.LegendLine;
import vae.picture.Png;
import vae.storage.Labelling;
import vae.storage.LoadedModel;
import vae.tf1.Tf1Names;

/** {@code encode}: where images lie in the latent space. */
@Command(
    name = "encode",
    description =
        "Encode images: write z_mean and z_std (the logarithm of the variance) of each,"
            + " and draw them in the latent plane, coloured by class.")
final class EncodeCommand implements Callable<Integer> {
  private static final double LEAST_REACH = 3;
  private static final double MOST_REACH = 8;

  @Mixin private ModelOptions common;
  @Mixin private GivenInputs inputs;
  @Mixin private ImageSource source;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      defaultValue = "codes.csv",
      description = "The table to write (default: ${DEFAULT-VALUE}).")
  private Path csv;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "codes.png",
      description =
          "The picture to write, of models with two dimensions (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    source.check();
    ImageSource.Reading reading = source.start();
    try (LoadedModel model = common.model();
        var progress = new CountLine("encoding images")) {
      Images images = reading.finish(model);
      Posterior codes = CodesFit.encode(inputs.of(model)::codes, images, progress::show);
      Labels labels = labels(images, model);
      AtomicFile.write(csv, table(labels, codes).getBytes(StandardCharsets.UTF_8));
      System.err.printf("%s: %,d codes from %s%n", csv, images.count(), model.source());
      if (codes.zMean()[0].length == 2) {
        AtomicFile.write(out, Png.encode(picture(labels, codes, model.vae().hasPrior())));
        System.err.printf("%s: their picture%n", out);
      } else {
        System.err.println("note: no picture, since this model's z is not of two dimensions");
      }
      return ExitCode.OK;
    }
  }

  /** By the model's names if it knows them all, else by their own. */
  private static Labels labels(Images images, LoadedModel model) throws ModelException {
    try {
      return model
          .labelling()
          .map(Labelling::classes)
          .map(images.labels()::under)
          .orElse(images.labels());
    } catch (IllegalArgumentException e) { // One is not among the model's.
      return images.labels();
    }
  }

  private static String table(Labels labels, Posterior codes) {
    ClassNames classes = labels.classes().orElse(ClassNames.numbered(1));
    var text = new StringBuilder();
    int latent = codes.zMean()[0].length;
    appendNames(text, Tf1Names.Z_MEAN, latent);
    appendNames(text, Tf1Names.Z_STD, codes.zStd()[0].length);
    text.append("label\n");
    for (int i = 0; i < labels.count(); i++) {
      for (float[] values : List.of(codes.zMean()[i], codes.zStd()[i])) {
        for (float value : values) {
          text.append(value).append(',');
        }
      }
      text.append(labels.of(i) < 0 ? "" : Csv.field(classes.of(labels.of(i)))).append('\n');
    }
    return text.toString();
  }

  private static void appendNames(StringBuilder text, String name, int count) {
    for (int k = 1; k <= count; k++) {
      text.append(name).append(k).append(',');
    }
  }

  private BufferedImage picture(Labels known, Posterior codes, boolean hasPrior) {
    ClassNames classes = known.classes().orElse(ClassNames.numbered(1));
    int[] labels = new int[known.count()];
    int[] counts = new int[ClassNames.MOST];
    double farthest = 0;
    for (int i = 0; i < labels.length; i++) {
      labels[i] = known.of(i);
      if (labels[i] >= 0) {
        counts[labels[i]]++;
      }
      for (float value : codes.zMean()[i]) {
        farthest = Math.max(farthest, Math.abs(value));
      }
    }
    double reach = Math.max(LEAST_REACH, Math.min(MOST_REACH, Math.ceil(farthest * 2) / 2));
    List<LegendLine> legend = new ArrayList<>();
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] > 0) {
        legend.add(new LegendLine(label, classes.of(label), "%,d images".formatted(counts[label])));
      }
    }
    var plane =
        new PlanePicture("z_mean of %,d images".formatted(labels.length), reach)
            .points(codes.zMean(), labels);
    String key = legend.isEmpty() ? "no labels" : "class";
    return hasPrior
        ? plane
            .priorContours()
            .withLegend(
                key, legend, List.of("Dashed: the circles that hold", "so much of the prior."))
        : plane.withLegend(key, legend, List.of("An autoencoder:", "its codes have no prior."));
  }
}
