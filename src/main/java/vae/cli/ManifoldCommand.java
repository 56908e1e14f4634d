package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.functions.Posterior;
import vae.functions.VaeFunctions;
import vae.latent.CodesFit;
import vae.latent.CodesSpread;
import vae.latent.LatentGrid;
import vae.mnist.Images;
import vae.picture.Tiling;
import vae.report.PictureFile;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** {@code manifold}: the digits of a grid of z's, side by side. */
@Command(
    name = "manifold",
    description =
        "Decode a grid of the latent plane into one picture: z1 grows to the right, z2"
            + " upwards. If z has more dimensions, the others are 0. An autoencoder has no"
            + " prior; its plane is as wide as the codes of images spread.")
final class ManifoldCommand implements Callable<Integer> {
  private static final int MOST_SIDE = 100;
  private static final int SCALE = 2;

  /** How the grid's lines are spaced. */
  private enum Grid {
    LINEAR,
    QUANTILES
  }

  @Mixin private ModelOptions.OfGenerator common;
  @Mixin private GivenInputs inputs;
  @Mixin private ImageSource source;

  @Option(
      names = "--grid",
      paramLabel = "linear|quantiles",
      defaultValue = "linear",
      description =
          "linear: evenly from -reach to reach; quantiles: each image stands for an equal"
              + " share of the prior (default: ${DEFAULT-VALUE}).")
  private Grid grid;

  @Option(
      names = "--side",
      paramLabel = "N",
      defaultValue = "20",
      description = "Images in a row (default: ${DEFAULT-VALUE}).")
  private int side;

  @Option(
      names = "--reach",
      paramLabel = "R",
      defaultValue = "3",
      description = "Half the width of the linear grid (default: ${DEFAULT-VALUE}).")
  private double reach;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "manifold.png",
      description = "The picture to write (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    common.requireBetween("--side", side, 1, MOST_SIDE);
    if (!(reach > 0 && reach <= 100)) {
      throw common.refused("--reach must be above 0 and at most 100, found " + reach);
    }
    source.check();
    try (LoadedModel model = common.model()) {
      VaeFunctions vae = inputs.of(model);
      float[][] plane =
          grid == Grid.LINEAR ? LatentGrid.linear(side, reach) : LatentGrid.quantiles(side);
      float[][] z = LatentGrid.within(plane, vae.latentSize());
      if (!vae.hasPrior()) {
        spread(model, vae).place(z);
      }
      Values images = vae.generate(Values.of(z));
      Path file = PictureFile.write(out, images, all -> Tiling.of(all, SCALE, side, 0));
      System.err.printf("%s: %d x %d images from %s%n", file, side, side, model.source());
      return ExitCode.OK;
    }
  }

  private CodesSpread spread(LoadedModel model, VaeFunctions vae) throws IOException {
    Images images = source.start().finish(model);
    try (var line = new CountLine()) {
      Posterior codes = CodesFit.encode(vae::codes, images, line.begin("encoding images"));
      System.err.printf(
          "an autoencoder has no prior: the plane is as wide as the codes of %s spread%n",
          source.name());
      return CodesSpread.of(codes.zMean());
    }
  }
}
