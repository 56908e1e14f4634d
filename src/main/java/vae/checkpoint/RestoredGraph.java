package vae.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TString;
import vae.config.Device;
import vae.files.ModelException;
import vae.functions.TensorFlowCall;
import vae.metagraph.RestoredVariable;
import vae.runtime.Sessions;
import vae.runtime.TensorFlowFailure;
import vae.tf1.GraphVariable;
import vae.tf1.V2Saver;

/**
 * Puts a graph of a stranger's into a session, and gives its variables a checkpoint's values. The
 * saver is always ours: save and restore ops of others never run.
 */
public final class RestoredGraph {
  private RestoredGraph() {}

  /**
   * Restores a graph, to which our saver is added, and runs its init op.
   *
   * @param definition without a saver
   * @param variables all that are to be saved again, and what the checkpoint calls them
   * @param init such as an op that fills tables
   * @param assets the files that it may read, by the tensors that are fed their paths
   * @return the session; the caller closes it, and its graph
   * @throws ModelException if TensorFlow can't load the graph, or the checkpoint is damaged, or its
   *     variables are not the graph's, or the init op fails
   */
  public static Session session(
      GraphDef definition,
      List<RestoredVariable> variables,
      Tf1Checkpoint checkpoint,
      Optional<String> init,
      Map<String, Path> assets,
      Device device)
      throws ModelException {
    Graph graph = new Graph();
    Session session = null;
    boolean restored = false;
    try {
      graph.importGraphDef(definition);
      Map<GraphVariable, RestoredVariable> byVariable = new LinkedHashMap<>();
      variables.forEach(
          variable ->
              byVariable.put(new GraphVariable(graph.operationOrThrow(variable.op())), variable));
      List<Output<?>> values =
          variables.isEmpty() ? List.of() : saver(graph, byVariable.keySet(), checkpoint);
      session = new Session(graph, Sessions.onCallersThread(device));
      assign(session, values, byVariable, checkpoint);
      if (init.isPresent()) {
        initialize(session, checkpoint.metaFile(), init.get(), assets);
      }
      restored = true;
      return session;
    } catch (RuntimeException e) {
      if (TensorFlowFailure.is(e)) {
        throw new ModelException(checkpoint.prefix(), "can't be restored: " + e.getMessage(), e);
      }
      throw e;
    } finally {
      if (!restored) {
        if (session != null) {
          session.close();
        }
        graph.close();
      }
    }
  }

  private static List<Output<?>> saver(
      Graph graph, Set<GraphVariable> variables, Tf1Checkpoint checkpoint) throws ModelException {
    List<Output<?>> values = V2Saver.build(Ops.create(graph), List.copyOf(variables));
    if (graph.operation(V2Saver.saverDef().getRestoreOpName()) == null) {
      throw new ModelException(
          checkpoint.metaFile(),
          "expected no op that the model needs in the scope save, which is the saver's");
    }
    return values;
  }

  private static void initialize(Session session, Path file, String init, Map<String, Path> assets)
      throws ModelException {
    Session.Runner runner = session.runner().addTarget(init);
    List<TString> paths = new ArrayList<>();
    try {
      for (Map.Entry<String, Path> asset : assets.entrySet()) {
        TString path = TString.scalarOf(asset.getValue().toString());
        paths.add(path);
        runner.feed(asset.getKey(), path);
      }
      TensorFlowCall.attempt(file, "its init op failed", runner::run).close();
    } finally {
      paths.forEach(TString::close);
    }
  }

  private static void assign(
      Session session,
      List<Output<?>> values,
      Map<GraphVariable, RestoredVariable> variables,
      Tf1Checkpoint checkpoint)
      throws ModelException {
    if (variables.isEmpty()) {
      return;
    }
    if (variables.values().stream().allMatch(RestoredVariable::isWholeAndOfItsName)) {
      try {
        checkpoint.restore(session);
      } catch (ModelException e) {
        checkpoint.requireSame(variables); // Says it better, if that is what is wrong.
        throw e;
      }
      return;
    }
    try (Result read = checkpoint.read(variables)) {
      Session.Runner runner = session.runner();
      for (int i = 0; i < values.size(); i++) {
        runner.feed(values.get(i), read.get(i));
      }
      runner.addTarget(V2Saver.saverDef().getRestoreOpName()).run().close();
    }
  }
}
