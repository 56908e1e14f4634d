package vae.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
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
 * variables; the collections and the full saver definition, which it leaves out, are added, and
 * what was added to the graph after {@link VaeGraph#definition} was taken is left out.
 */
public final class SavedModelWriter {
  private SavedModelWriter() {}

  /**
   * Writes a graph of ours with its variables' present values.
   *
   * @param folder an empty folder; see {@link ModelStore#publish}
   * @throws IOException if the folder can't be written
   */
  public static void write(VaeGraph vae, Session session, Path folder) throws IOException {
    MetaGraphDef metaGraph =
        MetaGraphDef.newBuilder()
            .setGraphDef(vae.definition())
            .putAllCollectionDef(vae.collections())
            .build();
    write(session, VaeFunction.signatures(vae), metaGraph, folder);
  }

  /**
   * Writes a graph with our saver's ops.
   *
   * @param model its graph and collections; what else the session's graph has is left out
   * @param folder an empty folder
   * @throws IOException if the folder can't be written
   */
  static void write(
      Session session, Collection<Signature> signatures, MetaGraphDef model, Path folder)
      throws IOException {
    try {
      SavedModelBundle.exporter(folder.toString())
          .withSession(session)
          .withSignatures(signatures.toArray(Signature[]::new))
          .export();
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      // Its messages name the file and the system's reason, such as "No space left on device".
      throw new IOException(e.getMessage(), e);
    }
    complete(model, folder.resolve(SavedModelFiles.GRAPH));
  }

  private static void complete(MetaGraphDef model, Path graphFile) throws IOException {
    SavedModel.Builder exported;
    try (InputStream in = Files.newInputStream(graphFile)) {
      exported = SavedModel.parseFrom(in).toBuilder();
    }
    MetaGraphDef.Builder metaGraph = exported.getMetaGraphsBuilder(0);
    metaGraph.getMetaInfoDefBuilder().setTensorflowVersion(TensorFlow.version());
    metaGraph
        .setGraphDef(model.getGraphDef())
        .setSaverDef(V2Saver.saverDef())
        .putAllCollectionDef(model.getCollectionDefMap());
    Files.write(graphFile, exported.build().toByteArray());
  }
}
