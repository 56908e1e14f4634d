package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.latent.Atlas;
import vae.latent.Atlas.Place;
import vae.latent.DecodedImages;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.picture.Tiling;
import vae.report.PictureFile;
import vae.report.PlaceReport;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code what-is}: what a z gives. */
@Command(
    name = "what-is",
    description =
        "Tell what a z gives: the class of its image, whose codes lie there, its distance"
            + " from the origin, and the nearest training images.")
final class WhatIsCommand implements Callable<Integer> {
  private static final int NEAREST = 8;
  private static final int SCALE = 6;

  @Mixin private ModelOptions common;
  @Mixin private MnistOption mnist;

  @Option(
      names = "--z",
      paramLabel = "A,B",
      required = true,
      converter = LatentPoint.Converter.class,
      description = "A point of the latent space, one number per dimension. May be repeated.")
  private List<LatentPoint> points;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Also write a picture: a row per z with its image and the nearest training images.")
  private Optional<Path> out;

  @Option(names = "--json", description = "Print one line of JSON per z.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (LoadedModel model = common.model()) {
      Atlas atlas = Atlas.required(model);
      float[][] z = LatentPoint.values(points, model.vae().latentSize(), common);
      float[][] decoded = DecodedImages.of(model.vae()).of(z);
      List<Place> places = atlas.at(z, decoded);
      Optional<Images> images = out.isPresent() ? trainingImages(atlas) : Optional.empty();
      List<float[]> shown = new ArrayList<>();
      for (int i = 0; i < z.length; i++) {
        int[] nearest = atlas.nearest(z[i], NEAREST);
        var report = new PlaceReport(atlas, places.get(i), nearest);
        System.out.print(json ? report.json() : report.text(points.get(i).text()));
        shown.add(decoded[i]);
        for (int j = 0; j < nearest.length && images.isPresent(); j++) {
          shown.add(images.get().values(nearest[j], nearest[j] + 1).floats());
        }
      }
      if (out.isPresent()) {
        int columns = shown.size() / z.length;
        Values rows = Values.of(shown.toArray(float[][]::new)).withRows(model.vae().imageShape());
        Path file =
            PictureFile.write(out.get(), rows, all -> Tiling.of(all, SCALE, columns, SCALE));
        System.err.printf(
            "%s: each z's image%s%n",
            file, images.isPresent() ? ", and its nearest training images" : "");
      }
      return ExitCode.OK;
    }
  }

  /** The images that the codes are of, the first ones of MNIST's, where they are at hand. */
  private Optional<Images> trainingImages(Atlas atlas) {
    try {
      Images images = mnist.files().train();
      int count = Math.min(images.count(), atlas.codes().count());
      if (images.part(0, count).sha256().equals(atlas.codes().imagesSha256())) {
        return Optional.of(images);
      }
      System.err.println("note: the picture lacks the nearest images: MNIST's are not the model's");
    } catch (DataException e) {
      System.err.println("note: the picture lacks the nearest images: " + e.getMessage());
    }
    return Optional.empty();
  }
}
