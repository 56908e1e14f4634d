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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.ClassNames;
import vae.config.Threads;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.latent.Atlas;
import vae.latent.Atlas.Place;
import vae.latent.Atlas.Region;
import vae.latent.Atlas.Survey;
import vae.latent.DecodedImages;
import vae.latent.LatentGrid;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.picture.ImageBatch;
import vae.picture.PlanePicture;
import vae.picture.PlanePicture.LegendLine;
import vae.picture.Png;
import vae.storage.Labelling;
import vae.storage.LoadedModel;
import vae.tensor.Values;
import vae.train.JudgeTraining;
import vae.training.LabellingFit;

/** {@code atlas}: which noise gives which digit. */
@Command(
    name = "atlas",
    description =
        "Show which z gives which digit: a map of the latent plane, and a table with a z"
            + " for each digit. A model without codes of its training images, or without a"
            + " judge, is published again with them.")
final class AtlasCommand implements Callable<Integer> {
  private static final int CELLS = 280;
  private static final double REACH = 4;
  private static final int SAMPLES = 20;
  private static final int SAMPLE_SIDE = 52;
  private static final long BYTES_OF_LABELLING = 8 << 20;

  @Mixin private ModelOptions common;
  @Mixin private MnistOption mnist;
  @Mixin private ClassNamesOption classNames;

  @Option(
      names = "--refit",
      description =
          "Encode the training images again, train the judge again, and publish the model with both.")
  private boolean refit;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "atlas.png",
      description =
          "Write the map to this file, for models with a two-dimensional z (default:"
              + " ${DEFAULT-VALUE}).")
  private Path out;

  @Option(names = "--csv", paramLabel = "FILE", description = "Also write the table.")
  private Optional<Path> csv;

  @Option(names = "--json", description = "Print the table as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (LoadedModel model = common.model()) {
      Optional<Labelling> had = refit ? Optional.empty() : named(model.labelling());
      Labelling labelling = had.isPresent() ? had.get() : fitted(model);
      var atlas = new Atlas(labelling, DecodedImages.of(model.vae())::of);
      Survey survey = atlas.survey();
      List<Region> regions = survey.regions();
      if (json) {
        printJson(atlas, survey);
      } else {
        print(atlas, survey);
      }
      if (csv.isPresent()) {
        AtomicFile.write(csv.get(), table(atlas, regions).getBytes(StandardCharsets.UTF_8));
      }
      if (atlas.latent() == 2) {
        AtomicFile.write(out, Png.encode(map(model, atlas, regions)));
        System.err.printf("%s: the map of %s%n", out, model.source());
      } else {
        System.err.println("note: no map, since this model's z is not of two dimensions");
      }
      return ExitCode.OK;
    }
  }

  /** Nothing where other names are asked for: then a model with those is published. */
  private Optional<Labelling> named(Optional<Labelling> had) throws IOException {
    Optional<ClassNames> names = classNames.given();
    return had.filter(known -> names.isEmpty() || names.get().equals(known.classes()));
  }

  private Labelling fitted(LoadedModel model) throws IOException {
    if (!model.vae().canEncode()) {
      throw new ModelException(
          model.source(),
          model.vae().hasPrior()
              ? "expected a model that encodes to a mean and a variance, to fit an atlas; found none"
                  + " such"
              : "expected a model with a prior, found an autoencoder, which has none; manifold shows"
                  + " what its codes decode to");
    }
    common.store().requireWritable(BYTES_OF_LABELLING);
    Images read = mnist.files().train();
    ModelInputs.require(model, read, mnist.folder());
    Labels labels = ClassNamesOption.under(classNames.given(), read.labels(), mnist.folder());
    if (labels.classes().isEmpty()) {
      throw new DataException(
          mnist.folder(), "expected labels, to tell what a code means, found images without any");
    }
    Labelling labelling;
    try (var jobs = new CountLines()) {
      labelling =
          LabellingFit.of(
              model.vae()::encode,
              read.with(labels),
              JudgeTraining.MOST_STEPS,
              Threads.auto(),
              jobs::begin);
    }
    Path published = common.store().publish(folder -> model.writeLabelled(folder, labelling));
    System.err.printf("saved %s, with the codes of its training images and a judge%n", published);
    return labelling;
  }

  private static void print(Atlas atlas, Survey survey) {
    List<Region> regions = survey.regions();
    int width = regions.stream().mapToInt(region -> argument(region).length()).max().orElse(0);
    int name =
        Math.max(5, atlas.classes().names().stream().mapToInt(String::length).max().orElse(0));
    boolean plane = hasAreas(regions);
    System.out.printf(
        "%-" + name + "s  %-" + width + "s  p(image)  p(codes)%s  of the prior  codes taken for%n",
        "class",
        "a z that gives it",
        plane ? "   area" : "");
    for (Region region : regions) {
      System.out.printf(
          Locale.ROOT,
          "%-" + name + "s  %-" + width + "s  %8.3f  %8.3f%s  %10.1f %%  %s%n",
          atlas.classes().of(region.label()),
          argument(region),
          region.best().byImage()[region.label()],
          region.best().byCodes()[region.label()],
          plane ? String.format(Locale.ROOT, "  %5.2f", region.area()) : "",
          100 * region.share(),
          confusions(atlas.classes(), region));
    }
    System.out.printf(
        Locale.ROOT,
        "nothing lives in %.1f %% of the prior: there q(z) is below a twentieth of p(z)%n"
            + "elsewhere, in %.1f %%, what comes out is of the class whose codes lie there%n",
        100 * survey.empty(),
        100 * survey.agreeing());
    double accuracy = atlas.labelling().judge().accuracy();
    if (!Double.isNaN(accuracy)) {
      System.out.printf(
          Locale.ROOT,
          "the judge of what comes out is right on %.1f %% of the images that it did not see%n",
          100 * accuracy);
    }
  }

  private static String argument(Region region) {
    return "--z=" + Numbers.point(region.best().z());
  }

  /** Whether the regions are parts of a plane, and have areas. */
  private static boolean hasAreas(List<Region> regions) {
    return regions.stream().noneMatch(region -> Double.isNaN(region.area()));
  }

  /** The three classes for which its codes are taken the most, if that is worth telling. */
  private static String confusions(ClassNames classes, Region region) {
    return IntStream.range(0, classes.size())
        .filter(other -> other != region.label() && region.takenFor()[other] >= 0.02)
        .boxed()
        .sorted((a, b) -> Double.compare(region.takenFor()[b], region.takenFor()[a]))
        .limit(3)
        .map(other -> "%s (%.0f %%)".formatted(classes.of(other), 100 * region.takenFor()[other]))
        .collect(Collectors.joining(", "));
  }

  private static String table(Atlas atlas, List<Region> regions) {
    var text = new StringBuilder("class,");
    for (int k = 1; k <= atlas.latent(); k++) {
      text.append('z').append(k).append(',');
    }
    boolean plane = hasAreas(regions);
    text.append(plane ? "p_image,p_codes,area,prior_share" : "p_image,p_codes,prior_share");
    atlas.classes().names().forEach(name -> text.append(",taken_for_").append(Csv.field(name)));
    text.append('\n');
    for (Region region : regions) {
      text.append(Csv.field(atlas.classes().of(region.label()))).append(',');
      text.append(Numbers.point(region.best().z()));
      text.append(',').append(region.best().byImage()[region.label()]);
      text.append(',').append(region.best().byCodes()[region.label()]);
      if (plane) {
        text.append(',').append(region.area());
      }
      text.append(',').append(region.share());
      for (double share : region.takenFor()) {
        text.append(',').append(share);
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static void printJson(Atlas atlas, Survey survey) throws IOException {
    JsonLine.print(
        out -> {
          out.writeNumberField("empty_share", survey.empty());
          out.writeNumberField("agreeing_share", survey.agreeing());
          out.writeArrayFieldStart("classes");
          for (Region region : survey.regions()) {
            int label = region.label();
            out.writeStartObject();
            out.writeNumberField("label", label);
            out.writeStringField("name", atlas.classes().of(label));
            Numbers.writeArray(out, "z", region.best().z());
            out.writeNumberField("p_image", region.best().byImage()[label]);
            out.writeNumberField("p_codes", region.best().byCodes()[label]);
            if (!Double.isNaN(region.area())) {
              out.writeNumberField("area", region.area());
            }
            out.writeNumberField("prior_share", region.share());
            Numbers.writeArray(out, "taken_for", region.takenFor());
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private static BufferedImage map(LoadedModel model, Atlas atlas, List<Region> regions)
      throws ModelException {
    List<Place> cells = atlas.at(LatentGrid.linear(CELLS, REACH - REACH / CELLS));
    int[] labels =
        cells.stream().mapToInt(cell -> cell.isInhabited() ? cell.label() : -1).toArray();
    double[] strengths =
        cells.stream().mapToDouble(cell -> (cell.sureness(cell.label()) - 0.3) / 0.7).toArray();
    float[][] z =
        atlas.at(LatentGrid.linear(SAMPLES, REACH - REACH / SAMPLES)).stream()
            .filter(Place::isInhabited)
            .map(Place::z)
            .toArray(float[][]::new);
    List<LegendLine> legend = new ArrayList<>();
    for (Region region : regions) {
      legend.add(
          new LegendLine(
              region.label(),
              atlas.classes().of(region.label()),
              String.format(Locale.ROOT, "%.1f %%", 100 * region.share())));
    }
    var picture =
        new PlanePicture("Which z gives which " + atlas.classes().kind(), REACH)
            .regions(CELLS, labels, strengths);
    Values images = model.vae().generate(Values.of(z));
    if (PictureFile.canShow(images)) {
      picture.images(z, ImageBatch.of(images), SAMPLE_SIDE);
    }
    return picture
        .priorContours()
        .withLegend(
            atlas.classes().kind() + ", its share",
            legend,
            List.of(
                "What comes out at each z,",
                "and its share of the prior.",
                "Paler: less sure, by its image",
                "or by the codes there.",
                "Grey: no images live there.",
                "Dashed: the circles that hold",
                "so much of the prior."));
  }
}
