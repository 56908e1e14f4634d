package vae.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorInfo;
import vae.files.ModelException;
import vae.files.ProtoFile;
import vae.functions.ModelInSession;
import vae.functions.VaeFunctions;
import vae.model.VaeGraph;
import vae.runtime.TensorFlowFailure;
import vae.tensor.Values;
import vae.tf1.SavedModelFiles;
import vae.tf1.TensorName;

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
   * @param labelling what tells what a z means, to travel with it
   * @param folder an empty folder; see {@link ModelStore#publish}
   * @param training how it was trained, for its manifest; nothing if it was not trained here
   * @throws IOException if the folder can't be written
   */
  public static void write(
      ModelInSession model,
      Optional<TrainingRecord> training,
      Optional<Labelling> labelling,
      Path folder)
      throws IOException {
    write(model, folder);
    if (labelling.isPresent()) {
      labelling.get().writeTo(folder);
    }
    Manifest.write(folder, training, golden(model));
  }

  private static void write(ModelInSession model, Path folder) throws IOException {
    Path graphFile = folder.resolve(SavedModelFiles.GRAPH);
    if (!model.metaGraph().hasSaverDef()) { // No variables, nothing to export.
      ProtoFile.write(complete(SavedModel.newBuilder(), model.metaGraph()), graphFile);
      return;
    }
    try {
      SavedModelBundle.exporter(folder.toString())
          .withSession(model.session())
          .withSignatures(signatures(model))
          .export();
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      // Its messages name the file and the system's reason, such as "No space left on device".
      throw new IOException(e.getMessage(), e);
    }
    SavedModel.Builder exported = ProtoFile.read(graphFile, SavedModel.parser()).toBuilder();
    ProtoFile.write(complete(exported, model.metaGraph()), graphFile);
  }

  /** The exporter wants some; what is written in the end is the meta graph's. */
  private static Signature[] signatures(ModelInSession model) {
    List<Signature> signatures = new ArrayList<>();
    model
        .metaGraph()
        .getSignatureDefMap()
        .forEach(
            (key, definition) -> {
              var signature = Signature.builder().key(key).methodName(definition.getMethodName());
              definition
                  .getInputsMap()
                  .forEach((name, input) -> signature.input(name, tensor(model, input)));
              definition
                  .getOutputsMap()
                  .forEach((name, output) -> signature.output(name, tensor(model, output)));
              signatures.add(signature.build());
            });
    return signatures.toArray(Signature[]::new);
  }

  private static Output<?> tensor(ModelInSession model, TensorInfo tensor) {
    return model.session().graph().outputOrThrow(TensorName.parse(tensor.getName()).toString());
  }

  /** Nothing of a model that makes no images, or none of one z and nothing else. */
  private static Optional<GoldenImage> golden(ModelInSession model) throws ModelException {
    VaeFunctions vae = model.vae();
    if (!vae.canGenerate() || !vae.others().isEmpty() || !vae.batching().takesOne()) {
      return Optional.empty();
    }
    float[] noise = GoldenImage.noise(vae.latentSize());
    return Optional.of(
        new GoldenImage(noise, vae.generate(Values.of(new float[][] {noise})).row(0)));
  }

  private static SavedModel complete(SavedModel.Builder exported, MetaGraphDef model) {
    MetaGraphDef.Builder metaGraph =
        exported.getMetaGraphsCount() == 0
            ? exported.setSavedModelSchemaVersion(1).addMetaGraphsBuilder()
            : exported.getMetaGraphsBuilder(0);
    metaGraph.getMetaInfoDefBuilder().setTensorflowVersion(TensorFlow.version());
    if (metaGraph.getMetaInfoDef().getTagsCount() == 0) {
      metaGraph.getMetaInfoDefBuilder().addTags(SavedModelBundle.DEFAULT_TAG);
    }
    metaGraph
        .setGraphDef(model.getGraphDef())
        .clearSignatureDef()
        .putAllSignatureDef(model.getSignatureDefMap())
        .putAllCollectionDef(model.getCollectionDefMap())
        .addAllAssetFileDef(model.getAssetFileDefList());
    if (model.hasSaverDef()) {
      metaGraph.setSaverDef(model.getSaverDef());
    }
    return exported.build();
  }
}
