package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.functions.Posterior;
import vae.latent.CodesFit;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.picture.Png;
import vae.report.CodesReport;
import vae.storage.Labelling;
import vae.storage.LoadedModel;

/** {@code encode}: where images lie in the latent space. */
@Command(
    name = "encode",
    description =
        "Encode images: write z_mean and z_std (the logarithm of the variance) of each,"
            + " and draw them in the latent plane, coloured by class.")
final class EncodeCommand implements Callable<Integer> {
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
    try (LoadedModel model = common.model()) {
      Images images = reading.finish(model);
      Posterior codes;
      try (var line = new CountLine()) {
        codes = CodesFit.encode(inputs.of(model)::codes, images, line.begin("encoding images"));
      }
      var report = new CodesReport(labels(images, model), codes);
      AtomicFile.write(csv, report.csv());
      System.err.printf("%s: %,d codes from %s%n", csv, images.count(), model.source());
      if (codes.zMean()[0].length == 2) {
        AtomicFile.write(out, Png.encode(report.picture(model.vae().hasPrior())));
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
}
