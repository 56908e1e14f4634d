package vae.cli;

import vae.config.ClassNames;
import vae.config.Threads;
import vae.latent.CodesFit;
import vae.mnist.Images;
import vae.storage.ImageCodes;
import vae.storage.ImageJudge;
import vae.storage.Labelling;
import vae.storage.ModelException;
import vae.train.JudgeTraining;

/** Makes what tells what a z means, of labelled images, and shows its progress. */
final class LabellingFit {
  private LabellingFit() {}

  /**
   * Encodes the images, and trains the judge.
   *
   * @param images with labels
   * @param judgeSteps the most that the judge is trained
   * @throws ModelException if the images can't be encoded
   */
  static Labelling of(CodesFit.Encoder encoder, Images images, int judgeSteps, Threads threads)
      throws ModelException {
    ClassNames classes = images.labels().classes().orElseThrow();
    ImageCodes codes;
    try (var progress = new CountLine("encoding images")) {
      codes = CodesFit.fit(encoder, images, classes.size(), progress::show);
    }
    try (var progress = new CountLine("training the judge of what comes out, step")) {
      JudgeTraining.Judge judge =
          JudgeTraining.of(images, classes.size(), judgeSteps, threads, progress::show);
      return new Labelling(classes, codes, new ImageJudge(judge.network(), judge.accuracy()));
    }
  }
}
