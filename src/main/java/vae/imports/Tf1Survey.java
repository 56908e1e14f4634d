package vae.imports;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.MetaGraphDef;
import vae.checkpoint.Tf1Checkpoint;
import vae.files.ModelException;
import vae.search.GraphSurvey;
import vae.search.SurveyedVariable;
import vae.tf1.ListedVariable;

/**
 * A look at a TF1 model before it is brought over: its graph and its checkpoint's table are read,
 * no values, and nothing is written.
 *
 * @param source the checkpoint; of a frozen graph its file
 * @param file the graph's
 * @param missing what of the checkpoint is not there; nothing if it is, or there is to be none
 * @param found what is in the graph
 */
public record Tf1Survey(
    Tf1Checkpoint source, Path file, Optional<String> missing, GraphSurvey found) {

  /**
   * Reads it.
   *
   * @param source a checkpoint, or a frozen graph's file in the place of its prefix
   * @throws ModelException if the graph is not there, or a file is damaged
   */
  public static Tf1Survey read(Tf1Checkpoint source) throws ModelException {
    MetaGraphDef metaGraph = FunctionImport.metaGraph(source);
    boolean isFrozen = FunctionImport.isFrozen(source.prefix());
    Optional<String> missing = isFrozen ? Optional.empty() : missing(source, metaGraph);
    Optional<Map<String, SurveyedVariable.Entry>> checkpoint =
        isFrozen || missing.isPresent() ? Optional.empty() : Optional.of(entries(source));
    return new Tf1Survey(
        source, FunctionImport.graphFile(source), missing, GraphSurvey.of(metaGraph, checkpoint));
  }

  /** Whether it is a frozen graph. */
  public boolean isFrozen() {
    return FunctionImport.isFrozen(source.prefix());
  }

  private static Optional<String> missing(Tf1Checkpoint source, MetaGraphDef metaGraph) {
    try {
      source.requireFiles(metaGraph.getSaverDef().getVersion());
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, SurveyedVariable.Entry> entries(Tf1Checkpoint source)
      throws ModelException {
    Map<String, SurveyedVariable.Entry> entries = new HashMap<>();
    source
        .table()
        .forEach(
            (name, entry) ->
                entries.put(
                    name,
                    new SurveyedVariable.Entry(
                        ListedVariable.numpyName(entry.type()),
                        Optional.ofNullable(entry.shape().toListOrNull()).orElse(List.of()))));
    return entries;
  }
}
