package vae.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import vae.model.VaeGraph;
import vae.runtime.TensorFlowFailure;

/**
 * Writes a trained graph as a SavedModel: TensorFlow-Java's exporter writes graph, signatures and
 * variables; the collections and the full saver definition, which it leaves out, are added, and
 * what was added to the graph after {@link VaeGraph#definition} was taken is left out.
 */
public final class SavedModelWriter {
  private SavedModelWriter() {}

  /**
   * Writes a model, whose graph must have our saver's ops.
   *
   * @param codes what it has encoded, to travel with it
   * @param folder an empty folder; see {@link ModelStore#publish}
   * @param training how it was trained, for its manifest; nothing if it was not trained here
   * @throws IOException if the folder can't be written
   */
  public static void write(
      ModelInSession model,
      Optional<TrainingRecord> training,
      Optional<ImageCodes> codes,
      Path folder)
      throws IOException {
    try {
      SavedModelBundle.exporter(folder.toString())
          .withSession(model.session())
          .withSignatures(model.signatures().toArray(Signature[]::new))
          .export();
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      // Its messages name the file and the system's reason, such as "No space left on device".
      throw new IOException(e.getMessage(), e);
    }
    complete(model.metaGraph(), folder.resolve(SavedModelFiles.GRAPH));
    if (codes.isPresent()) {
      codes.get().writeTo(folder);
    }
    Manifest.write(folder, training, golden(model, folder));
  }

  private static GoldenImage golden(ModelInSession model, Path folder) throws ModelException {
    Signature signature = VaeFunction.GENERATE.in(model.signaturesByKey(), folder);
    BatchFunction generate =
        BatchFunction.of(folder, model.session(), VaeFunction.GENERATE, signature, false);
    long latent = VaeFunction.GENERATE.inputOf(signature).shape.get(1);
    float[] noise = GoldenImage.noise(Math.toIntExact(latent));
    return new GoldenImage(noise, generate.call(new float[][] {noise})[0][0]);
  }

  private static void complete(MetaGraphDef model, Path graphFile) throws IOException {
    SavedModel.Builder exported = ProtoFile.read(graphFile, SavedModel.parser()).toBuilder();
    MetaGraphDef.Builder metaGraph = exported.getMetaGraphsBuilder(0);
    metaGraph.getMetaInfoDefBuilder().setTensorflowVersion(TensorFlow.version());
    metaGraph
        .setGraphDef(model.getGraphDef())
        .setSaverDef(model.getSaverDef())
        .putAllCollectionDef(model.getCollectionDefMap());
    ProtoFile.write(exported.build(), graphFile);
  }
}
