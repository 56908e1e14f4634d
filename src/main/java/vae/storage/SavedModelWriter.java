package vae.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import vae.model.VaeGraph;
import vae.runtime.TensorFlowFailure;
import vae.tf1.V2Saver;

/**
 * Writes a trained graph as a SavedModel: TensorFlow-Java's exporter writes graph, signatures and
 * variables; the collections and the full saver definition, which it leaves out, are added.
 */
public final class SavedModelWriter {
  private SavedModelWriter() {}

  /**
   * Writes the model with the variables' present values.
   *
   * @param folder an empty folder; see {@link ModelStore#publish}
   * @throws IOException if the folder can't be written
   */
  public static void write(VaeGraph vae, Session session, Path folder) throws IOException {
    try {
      SavedModelBundle.exporter(folder.toString())
          .withSession(session)
          .withSignatures(VaeFunction.signatures(vae).toArray(Signature[]::new))
          .export();
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      // Its messages name the file and the system's reason, such as "No space left on device".
      throw new IOException(e.getMessage(), e);
    }
    addCollections(vae, folder.resolve(SavedModelFiles.GRAPH));
  }

  private static void addCollections(VaeGraph vae, Path graphFile) throws IOException {
    SavedModel.Builder model;
    try (InputStream in = Files.newInputStream(graphFile)) {
      model = SavedModel.parseFrom(in).toBuilder();
    }
    MetaGraphDef.Builder metaGraph = model.getMetaGraphsBuilder(0);
    metaGraph.getMetaInfoDefBuilder().setTensorflowVersion(TensorFlow.version());
    metaGraph.setSaverDef(V2Saver.saverDef()).putAllCollectionDef(vae.collections());
    Files.write(graphFile, model.build().toByteArray());
  }
}
