package vae.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.latent.Atlas;
import vae.latent.Atlas.Place;
import vae.latent.Atlas.Region;
import vae.latent.CodesFit;
import vae.latent.LatentGrid;
import vae.mnist.Images;
import vae.picture.ImageBatch;
import vae.picture.PlanePicture;
import vae.picture.PlanePicture.LegendLine;
import vae.picture.Png;
import vae.storage.Durable;
import vae.storage.ImageCodes;
import vae.storage.LoadedModel;
import vae.storage.ModelException;
import vae.tensor.Values;

/** {@code atlas}: which noise gives which digit. */
@Command(
    name = "atlas",
    description =
        "Tell which z gives which digit: a map of the latent plane, and a table with a z to paste for"
            + " each digit. A model that was not trained here, and has no codes of its training"
            + " images yet, is published again with them.")
final class AtlasCommand implements Callable<Integer> {
  private static final int CELLS = 280;
  private static final double REACH = 4;
  private static final int SAMPLES = 20;
  private static final int SAMPLE_SIDE = 52;
  private static final long BYTES_OF_CODES = 4 << 20;

  @Mixin private ModelOptions common;
  @Mixin private MnistOption mnist;

  @Option(
      names = "--refit",
      description = "Encode the training images again, and publish the model with these codes.")
  private boolean refit;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "atlas.png",
      description = "The map to write, of models with two dimensions (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(names = "--csv", paramLabel = "FILE", description = "Also write the table.")
  private Optional<Path> csv;

  @Option(names = "--json", description = "The table as a line of JSON on standard output.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (LoadedModel model = common.model()) {
      Optional<ImageCodes> had = refit ? Optional.empty() : model.codes();
      ImageCodes codes = had.isPresent() ? had.get() : fitted(model);
      var atlas = new Atlas(codes);
      List<Region> regions = atlas.regions();
      double empty = atlas.emptyShare();
      if (json) {
        printJson(regions, empty);
      } else {
        print(regions, empty);
      }
      if (csv.isPresent()) {
        Durable.write(csv.get(), table(regions).getBytes(StandardCharsets.US_ASCII));
      }
      if (atlas.latent() == 2) {
        Durable.write(out, Png.encode(map(model, atlas, regions)));
        System.err.printf("%s: the map of %s%n", out, model.source());
      } else {
        System.err.println("note: no map, since this model's z is not of two dimensions");
      }
      return ExitCode.OK;
    }
  }

  private ImageCodes fitted(LoadedModel model) throws IOException {
    if (!model.vae().canEncode()) {
      throw new ModelException(
          model.source(),
          model.vae().hasPrior()
              ? "expected a model that encodes to a mean and a variance, to fit an atlas; found none"
                  + " such"
              : "expected a model with a prior, found an autoencoder, which has none; manifold shows"
                  + " what its codes decode to");
    }
    common.store().requireWritable(BYTES_OF_CODES);
    Images images = mnist.files().train();
    ModelInputs.require(model, images, mnist.folder());
    ImageCodes codes;
    try (var progress = new CountLine("encoding images")) {
      codes = CodesFit.fit(model.vae()::encode, images, progress::show);
    }
    Path published = common.store().publish(folder -> model.writeTo(folder, Optional.of(codes)));
    System.err.println("saved " + published + ", with the codes of its training images");
    return codes;
  }

  private static void print(List<Region> regions, double empty) {
    int width = regions.stream().mapToInt(region -> argument(region).length()).max().orElse(0);
    boolean plane = hasAreas(regions);
    System.out.printf(
        "digit  %-" + width + "s  p(digit|z)%s  of the prior  taken for%n",
        "a z that gives it",
        plane ? "   area" : "");
    for (Region region : regions) {
      System.out.printf(
          Locale.ROOT,
          "%-5d  %-" + width + "s  %10.3f%s  %10.1f %%  %s%n",
          region.digit(),
          argument(region),
          region.confidence(),
          plane ? String.format(Locale.ROOT, "  %5.2f", region.area()) : "",
          100 * region.share(),
          confusions(region));
    }
    System.out.printf(
        Locale.ROOT,
        "nothing lives in %.1f %% of the prior: there q(z) is below a twentieth of p(z)%n",
        100 * empty);
  }

  private static String argument(Region region) {
    return "--z=" + Numbers.point(region.z());
  }

  /** Whether the regions are parts of a plane, and have areas. */
  private static boolean hasAreas(List<Region> regions) {
    return regions.stream().noneMatch(region -> Double.isNaN(region.area()));
  }

  /** The two digits for which it is taken the most, if that is worth telling. */
  private static String confusions(Region region) {
    return IntStream.range(0, Atlas.DIGITS)
        .filter(other -> other != region.digit() && region.takenFor()[other] >= 0.02)
        .boxed()
        .sorted((a, b) -> Double.compare(region.takenFor()[b], region.takenFor()[a]))
        .limit(3)
        .map(other -> "%d (%.0f %%)".formatted(other, 100 * region.takenFor()[other]))
        .reduce((a, b) -> a + ", " + b)
        .orElse("");
  }

  private static String table(List<Region> regions) {
    var text = new StringBuilder("digit,");
    for (int k = 1; k <= regions.get(0).z().length; k++) {
      text.append('z').append(k).append(',');
    }
    boolean plane = hasAreas(regions);
    text.append(plane ? "p,area,prior_share,surest_quarter" : "p,prior_share,surest_quarter");
    for (int digit = 0; digit < Atlas.DIGITS; digit++) {
      text.append(",taken_for_").append(digit);
    }
    text.append('\n');
    for (Region region : regions) {
      text.append(region.digit()).append(',').append(Numbers.point(region.z()));
      text.append(',').append(region.confidence());
      if (plane) {
        text.append(',').append(region.area());
      }
      text.append(',').append(region.share()).append(',').append(region.surest());
      for (double share : region.takenFor()) {
        text.append(',').append(share);
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static void printJson(List<Region> regions, double empty) throws IOException {
    JsonLine.print(
        out -> {
          out.writeNumberField("empty_share", empty);
          out.writeArrayFieldStart("digits");
          for (Region region : regions) {
            out.writeStartObject();
            out.writeNumberField("digit", region.digit());
            Numbers.writeArray(out, "z", region.z());
            out.writeNumberField("p", region.confidence());
            if (!Double.isNaN(region.area())) {
              out.writeNumberField("area", region.area());
            }
            out.writeNumberField("prior_share", region.share());
            out.writeNumberField("surest_quarter", region.surest());
            Numbers.writeArray(out, "taken_for", region.takenFor());
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private static BufferedImage map(LoadedModel model, Atlas atlas, List<Region> regions)
      throws ModelException {
    List<Place> cells = atlas.at(LatentGrid.linear(CELLS, REACH - REACH / CELLS));
    int[] digits =
        cells.stream().mapToInt(cell -> cell.isInhabited() ? cell.digit() : -1).toArray();
    double[] strengths =
        cells.stream().mapToDouble(cell -> (cell.confidence() - 0.3) / 0.7).toArray();
    float[][] z =
        atlas.at(LatentGrid.linear(SAMPLES, REACH - REACH / SAMPLES)).stream()
            .filter(Place::isInhabited)
            .map(Place::z)
            .toArray(float[][]::new);
    List<LegendLine> legend = new ArrayList<>();
    for (Region region : regions) {
      legend.add(
          new LegendLine(
              region.digit(),
              String.format(Locale.ROOT, "%d   %.1f %%", region.digit(), 100 * region.share())));
    }
    var picture =
        new PlanePicture("Which z gives which digit", REACH).regions(CELLS, digits, strengths);
    Values images = model.vae().generate(Values.of(z));
    if (PictureFile.canShow(images)) {
      picture.images(z, ImageBatch.of(images), SAMPLE_SIDE);
    }
    return picture
        .priorContours()
        .withLegend(
            "digit, its share",
            legend,
            List.of(
                "The likeliest digit at each z,",
                "and its share of the prior.",
                "Paler: less sure.",
                "Grey: no images live there.",
                "Dashed: the circles that hold",
                "so much of the prior."));
  }
}
