package vae.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import vae.config.NetworkShape;
import vae.testing.SmallModel;

/**
 * A model of four pixels whose answers can be told without computing: all its weights are 0, so
 * what comes out is what its biases say, z_mean 0.25 and −1, z_std 0, and a grey of 0.5.
 */
final class KnownModel {
  private KnownModel() {}

  /** Publishes it, with a function of two inputs and two outputs more, {@code both}. */
  static Path publish(Path base) throws IOException {
    try (var model = new SmallModel(new NetworkShape(4, 3, 2), 1)) {
      for (Variable<TFloat32> variable : model.vae().variables()) {
        float[] value = new float[(int) variable.shape().size()];
        if (variable.op().name().equals("Variable_6")) {
          value[0] = 0.25f;
          value[1] = -1;
        }
        model.assign(variable, value);
      }
      Path folder = model.publish(base);
      addBoth(folder);
      return folder;
    }
  }

  private static void addBoth(Path folder) throws IOException {
    Path file = folder.resolve("saved_model.pb");
    SavedModel.Builder saved = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
    MetaGraphDef.Builder graph = saved.getMetaGraphsBuilder(0);
    SignatureDef whole = graph.getSignatureDefOrThrow("serving_default");
    SignatureDef encode = graph.getSignatureDefOrThrow("encode");
    SignatureDef generate = graph.getSignatureDefOrThrow("generate");
    graph.putSignatureDef(
        "both",
        SignatureDef.newBuilder()
            .setMethodName(whole.getMethodName())
            .putInputs("image", whole.getInputsOrThrow("image"))
            .putInputs("noise", generate.getInputsOrThrow("noise"))
            .putOutputs("z_mean", encode.getOutputsOrThrow("z_mean"))
            .putOutputs("generated", generate.getOutputsOrThrow("image"))
            .build());
    try (OutputStream out = Files.newOutputStream(file)) {
      saved.build().writeTo(out);
    }
    Files.delete(folder.resolve("assets.extra/manifest.json")); // Its sum is another now.
  }
}
