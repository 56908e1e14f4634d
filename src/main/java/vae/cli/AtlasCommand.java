package vae.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.ClassNames;
import vae.config.Threads;
import vae.files.AtomicFile;
import vae.files.ModelException;
import vae.latent.Atlas;
import vae.latent.DecodedImages;
import vae.mnist.DataException;
import vae.mnist.Images;
import vae.mnist.Labels;
import vae.picture.Png;
import vae.report.AtlasReport;
import vae.storage.Labelling;
import vae.storage.LoadedModel;
import vae.storage.Manifest;
import vae.storage.TrainedImages;
import vae.storage.TrainingRecord;
import vae.training.JudgeTraining;
import vae.training.LabellingFit;

/** {@code atlas}: which noise gives which digit. */
@Command(
    name = "atlas",
    description =
        "Show which z gives which digit: a map of the latent plane, and a table with a z"
            + " for each digit. A model without codes of its training images, or without a"
            + " judge, is published again with them.")
final class AtlasCommand implements Callable<Integer> {
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
      var report = new AtlasReport(atlas, atlas.survey());
      System.out.print(json ? report.json() : report.text());
      if (csv.isPresent()) {
        AtomicFile.write(csv.get(), report.csv());
      }
      if (atlas.latent() == 2) {
        AtomicFile.write(out, Png.encode(report.map(model.vae())));
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
    ImageSource.require(model, read, mnist.folder());
    Labels labels = ClassNamesOption.under(classNames.given(), read.labels(), mnist.folder());
    if (labels.classes().isEmpty()) {
      throw new DataException(
          mnist.folder(), "expected labels, to tell what a code means, found images without any");
    }
    Images trained = read.with(labels).part(0, read.count() - heldOut(model, read));
    Labelling labelling;
    try (var line = new CountLine()) {
      labelling =
          LabellingFit.of(
              model.vae()::encode, trained, JudgeTraining.MOST_STEPS, Threads.auto(), line::begin);
    }
    Path published = common.store().publish(folder -> model.writeLabelled(folder, labelling));
    System.err.printf("saved %s, with the codes of its training images and a judge%n", published);
    return labelling;
  }

  /** How many of the images, the last ones, the model was not trained on. */
  private static int heldOut(LoadedModel model, Images images) {
    return model
        .manifest()
        .flatMap(Manifest::training)
        .map(TrainingRecord::images)
        .filter(trained -> trained.sha256().equals(images.sha256()))
        .map(TrainedImages::heldOut)
        .orElse(0);
  }
}
