package vae.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import vae.checkpoint.Tf1Export;
import vae.files.ModelException;
import vae.files.ProtoFile;
import vae.functions.ModelInSession;
import vae.functions.VaeFunctions;
import vae.model.VaeGraph;
import vae.tensor.Values;
import vae.tf1.SavedModelFiles;

/**
 * Writes a model as a SavedModel. TensorFlow-Java's exporter would leave out the collections, and
 * take in all that was added to the graph after {@link VaeGraph#definition} was taken.
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
    ProtoFile.write(savedModel(model.metaGraph()), folder.resolve(SavedModelFiles.GRAPH));
    if (model.metaGraph().hasSaverDef()) { // Else it has no variables.
      Path variables = folder.resolve(SavedModelFiles.VARIABLES);
      Files.createDirectories(Objects.requireNonNull(variables.getParent()));
      Tf1Export.saveVariables(model.session(), variables);
    }
    if (labelling.isPresent()) {
      labelling.get().writeTo(folder);
    }
    Manifest.write(folder, training, golden(model));
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
