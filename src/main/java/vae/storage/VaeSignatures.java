package vae.storage;

import java.util.List;
import org.tensorflow.Signature;
import vae.model.VaeGraph;

/** The three functions that a model offers, and the names by which others call them. */
final class VaeSignatures {
  /** image → recon: one draw of the posterior, decoded. */
  static final String RECONSTRUCT = Signature.DEFAULT_KEY;

  /** image → z_mean, z_std. */
  static final String ENCODE = "encode";

  /** noise → image. */
  static final String GENERATE = "generate";

  static final String IMAGE = "image";
  static final String NOISE = "noise";
  static final String RECON = "recon";
  static final String Z_MEAN = "z_mean";
  static final String Z_STD = "z_std";

  private static final String PREDICT = "tensorflow/serving/predict";

  private VaeSignatures() {}

  static List<Signature> of(VaeGraph vae) {
    return List.of(
        signature(RECONSTRUCT).input(IMAGE, vae.x()).output(RECON, vae.recon()).build(),
        signature(ENCODE)
            .input(IMAGE, vae.x())
            .output(Z_MEAN, vae.encoding().zMean())
            .output(Z_STD, vae.encoding().zStd())
            .build(),
        signature(GENERATE)
            .input(NOISE, vae.generator().noiseInput())
            .output(IMAGE, vae.generator().image())
            .build());
  }

  private static Signature.Builder signature(String key) {
    return Signature.builder().key(key).methodName(PREDICT);
  }
}
