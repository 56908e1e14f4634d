package vae.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import vae.config.ClassNames;
import vae.files.ModelException;

/**
 * What a model brings to tell what a z means: where images of each class are encoded, and who
 * judges what is decoded. Always both; the classes' names stand in {@code
 * assets.extra/classes.txt}.
 */
public record Labelling(ClassNames classes, ImageCodes codes, ImageJudge judge) {
  private static final String CLASSES = "assets.extra/classes.txt";

  /** Writes it into a model's folder that is not published yet. */
  void writeTo(Path model) throws IOException {
    codes.writeTo(model);
    judge.writeTo(model);
    Files.writeString(model.resolve(CLASSES), classes.lines(), StandardCharsets.UTF_8);
  }

  /**
   * Reads a model's.
   *
   * @return nothing if it has none, or only a part, as models of earlier versions have
   * @throws ModelException if it is damaged
   */
  static Optional<Labelling> in(Path model) throws ModelException {
    Optional<ImageCodes> codes = ImageCodes.in(model);
    if (codes.isEmpty() || !ImageJudge.isIn(model)) {
      return Optional.empty();
    }
    ImageJudge judge = ImageJudge.in(model);
    ClassNames classes = classes(model.resolve(CLASSES));
    for (byte label : codes.get().labels()) {
      if (label >= classes.size()) {
        throw new ModelException(
            model.resolve(CLASSES),
            "expected a name for each class, found %d and a label of %d"
                .formatted(classes.size(), label));
      }
    }
    if (judge.network().classes() != classes.size()) {
      throw new ModelException(
          model.resolve(CLASSES),
          "expected as many names as the judge knows classes, %d, found %d"
              .formatted(judge.network().classes(), classes.size()));
    }
    return Optional.of(new Labelling(classes, codes.get(), judge));
  }

  private static ClassNames classes(Path file) throws ModelException {
    try {
      return ClassNames.ofLines(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | IOException e) {
      throw new ModelException(file, "can't be read as class names (" + e.getMessage() + ")", e);
    }
  }
}
