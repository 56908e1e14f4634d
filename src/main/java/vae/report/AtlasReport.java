package vae.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import vae.config.ClassNames;
import vae.files.ModelException;
import vae.functions.VaeFunctions;
import vae.latent.Atlas;
import vae.latent.Atlas.Place;
import vae.latent.Atlas.Region;
import vae.latent.Atlas.Survey;
import vae.latent.LatentGrid;
import vae.picture.ImageBatch;
import vae.picture.PlanePicture;
import vae.picture.PlanePicture.LegendLine;
import vae.tensor.Values;

/** Which z gives which class: a row a class, and a map. */
public record AtlasReport(Atlas atlas, Survey survey) {
  private static final int CELLS = 280;
  private static final double REACH = 4;
  private static final int SAMPLES = 20;
  private static final int SAMPLE_SIDE = 52;

  /** For people. */
  public String text() {
    ClassNames classes = atlas.classes();
    int name = Math.max(5, longest(classes.names()));
    int width = longest(survey.regions().stream().map(AtlasReport::argument).toList());
    String start = "%-" + name + "s  %-" + width + "s";
    var text = new Formatter();
    text.format(start + "  p(image)  p(codes)", "class", "a z that gives it");
    text.format("%s  of the prior  codes taken for%n", isPlane() ? "   area" : "");
    for (Region region : survey.regions()) {
      int label = region.label();
      text.format(start, classes.of(label), argument(region));
      text.format("  %8.3f", region.best().byImage()[label]);
      text.format("  %8.3f", region.best().byCodes()[label]);
      if (isPlane()) {
        text.format("  %5.2f", region.area());
      }
      text.format("  %10.1f %%  %s%n", 100 * region.share(), confusions(region));
    }
    text.format(
        "nothing lives in %.1f %% of the prior: there q(z) is below a twentieth of p(z)%n",
        100 * survey.empty());
    text.format(
        "elsewhere, in %.1f %%, what comes out is of the class whose codes lie there%n",
        100 * survey.agreeing());
    double accuracy = atlas.labelling().judge().accuracy();
    if (!Double.isNaN(accuracy)) {
      text.format(
          "the judge of what comes out is right on %.1f %% of the images that it did not see%n",
          100 * accuracy);
    }
    return text.toString();
  }

  private static int longest(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String argument(Region region) {
    return "--z=" + PlaceReport.point(region.best().z());
  }

  /** Only a plane's regions have areas. */
  private boolean isPlane() {
    return atlas.latent() == 2;
  }

  /** The three classes for which its codes are taken the most, if that is worth telling. */
  private String confusions(Region region) {
    return IntStream.range(0, atlas.classes().size())
        .filter(other -> other != region.label() && region.takenFor()[other] >= 0.02)
        .boxed()
        .sorted((a, b) -> Double.compare(region.takenFor()[b], region.takenFor()[a]))
        .limit(3)
        .map(
            other ->
                "%s (%.0f %%)".formatted(atlas.classes().of(other), 100 * region.takenFor()[other]))
        .collect(Collectors.joining(", "));
  }

  /** A table with a header. */
  public String csv() {
    List<Object> header = new ArrayList<>(List.of("class"));
    IntStream.rangeClosed(1, atlas.latent()).forEach(k -> header.add("z" + k));
    header.addAll(
        isPlane() ? List.of("p_image", "p_codes", "area") : List.of("p_image", "p_codes"));
    header.add("prior_share");
    atlas.classes().names().forEach(name -> header.add("taken_for_" + name));
    var text = new StringBuilder(Csv.row(header));
    for (Region region : survey.regions()) {
      List<Object> row = new ArrayList<>(List.of(atlas.classes().of(region.label())));
      for (float value : region.best().z()) {
        row.add("%.4f".formatted(value));
      }
      row.add(region.best().byImage()[region.label()]);
      row.add(region.best().byCodes()[region.label()]);
      if (isPlane()) {
        row.add(region.area());
      }
      row.add(region.share());
      Arrays.stream(region.takenFor()).forEach(row::add);
      text.append(Csv.row(row));
    }
    return text.toString();
  }

  /** For programs. */
  public String json() throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("empty_share", survey.empty());
    json.put("agreeing_share", survey.agreeing());
    json.put("classes", survey.regions().stream().map(this::json).toList());
    return Json.line(json);
  }

  private Map<String, Object> json(Region region) {
    int label = region.label();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("label", label);
    json.put("name", atlas.classes().of(label));
    json.put("z", region.best().z());
    json.put("p_image", region.best().byImage()[label]);
    json.put("p_codes", region.best().byCodes()[label]);
    if (isPlane()) {
      json.put("area", region.area());
    }
    json.put("prior_share", region.share());
    json.put("taken_for", region.takenFor());
    return json;
  }

  /**
   * The plane, with the regions of the classes and some of the images there.
   *
   * @param vae of two latent dimensions
   * @throws ModelException if TensorFlow can't decode
   */
  public BufferedImage map(VaeFunctions vae) throws ModelException {
    List<Place> cells = atlas.at(LatentGrid.linear(CELLS, REACH - REACH / CELLS));
    int[] labels = cells.stream().mapToInt(cell -> cell.hasCodes() ? cell.label() : -1).toArray();
    double[] strengths =
        cells.stream().mapToDouble(cell -> (cell.sureness(cell.label()) - 0.3) / 0.7).toArray();
    float[][] z =
        atlas.at(LatentGrid.linear(SAMPLES, REACH - REACH / SAMPLES)).stream()
            .filter(Place::hasCodes)
            .map(Place::z)
            .toArray(float[][]::new);
    List<LegendLine> legend =
        survey.regions().stream()
            .map(
                region ->
                    new LegendLine(
                        region.label(),
                        atlas.classes().of(region.label()),
                        "%.1f %%".formatted(100 * region.share())))
            .toList();
    String kind = atlas.classes().kind();
    var picture =
        new PlanePicture("Which z gives which " + kind, REACH).regions(CELLS, labels, strengths);
    Values images = vae.generate(Values.of(z));
    if (PictureFile.canShow(images)) {
      picture.images(z, ImageBatch.of(images), SAMPLE_SIDE);
    }
    return picture
        .priorContours()
        .withLegend(
            kind + ", its share",
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
