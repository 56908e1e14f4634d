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
 * Writes a model as a SavedModel, by TensorFlow-Java's exporter. That leaves out the collections,
 * and takes in all that was added to the graph after {@link VaeGraph#definition} was taken: so the
 * graph is written again.
 */
public final class SavedModelWriter {
  private static final int SCHEMA = 1;

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
    if (model.metaGraph().hasSaverDef()) { // Else it has no variables, and nothing to export.
      export(model, folder);
    }
    ProtoFile.write(savedModel(model.metaGraph()), folder.resolve(SavedModelFiles.GRAPH));
    if (labelling.isPresent()) {
      labelling.get().writeTo(folder);
    }
    Manifest.write(folder, training, golden(model));
  }

  /** Writes the variables, and a graph that {@link #savedModel} is written over. */
  private static void export(ModelInSession model, Path folder) throws IOException {
    List<Signature> signatures = new ArrayList<>(); // The exporter wants some.
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
    try {
      SavedModelBundle.exporter(folder.toString())
          .withSession(model.session())
          .withSignatures(signatures.toArray(Signature[]::new))
          .export();
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      // Its messages name the file and the system's reason, such as "No space left on device".
      throw new IOException(e.getMessage(), e);
    }
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

  private static SavedModel savedModel(MetaGraphDef model) {
    var savedModel = SavedModel.newBuilder().setSavedModelSchemaVersion(SCHEMA);
    MetaGraphDef.Builder metaGraph = savedModel.addMetaGraphsBuilder().mergeFrom(model);
    metaGraph.clearObjectGraphDef(); // TensorFlow 2's, whose loader would look for its objects.
    metaGraph
        .getMetaInfoDefBuilder()
        .clear()
        .addTags(SavedModelBundle.DEFAULT_TAG)
        .setTensorflowVersion(TensorFlow.version());
    return savedModel.build();
  }
}
