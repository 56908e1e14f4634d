package vae.training;

import java.util.function.Function;
import vae.config.ClassNames;
import vae.config.Threads;
import vae.files.ModelException;
import vae.latent.CodesFit;
import vae.latent.Progress;
import vae.mnist.Images;
import vae.storage.ImageCodes;
import vae.storage.ImageJudge;
import vae.storage.Labelling;

/** Makes what tells what a z means, of labelled images. */
public final class LabellingFit {
  private LabellingFit() {}

  /**
   * Encodes the images, and trains the judge.
   *
   * @param images with labels
   * @param judgeSteps the most that the judge is trained
   * @param jobs begins one, and is told of its progress
   * @throws ModelException if the images can't be encoded
   */
  public static Labelling of(
      CodesFit.Encoder encoder,
      Images images,
      int judgeSteps,
      Threads threads,
      Function<String, Progress> jobs)
      throws ModelException {
    ClassNames classes = images.labels().classes().orElseThrow();
    ImageCodes codes = CodesFit.fit(encoder, images, classes.size(), jobs.apply("encoding images"));
    Progress judging = jobs.apply("training the judge of what comes out, step");
    ImageJudge judge = JudgeTraining.of(images, classes.size(), judgeSteps, threads, judging);
    return new Labelling(classes, codes, judge);
  }
}
