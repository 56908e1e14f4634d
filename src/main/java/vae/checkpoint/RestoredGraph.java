package vae.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SaverDef;
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
   * Restores a graph, to which our saver is added.
   *
   * @param definition without a saver
   * @param variables all that are to be saved again, and what the checkpoint calls them
   * @return the session; the caller closes it, and its graph
   * @throws ModelException if TensorFlow can't load the graph, or the checkpoint is damaged, or its
   *     variables are not the graph's
   */
  public static Session session(
      GraphDef definition,
      List<RestoredVariable> variables,
      Tf1Checkpoint checkpoint,
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
      if (variables.isEmpty()) {
        session = new Session(graph, Sessions.onCallersThread(device));
        restored = true;
        return session;
      }
      List<Output<?>> values = V2Saver.build(Ops.create(graph), List.copyOf(byVariable.keySet()));
      if (graph.operation(V2Saver.saverDef().getRestoreOpName()) == null) {
        throw new ModelException(
            checkpoint.metaFile(),
            "expected no op that the model needs in the scope save, which is the saver's");
      }
      session = new Session(graph, Sessions.onCallersThread(device));
      assign(session, values, byVariable, checkpoint);
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

  /**
   * Runs an init op, if there is one.
   *
   * @param file names the model in what is thrown
   * @param init such as one that fills tables
   * @param assets the files that it may read, by the tensors that are fed their paths
   * @throws ModelException if it fails
   */
  public static void initialize(
      Session session, Path file, Optional<String> init, Map<String, Path> assets)
      throws ModelException {
    if (init.isEmpty()) {
      return;
    }
    Session.Runner runner = session.runner().addTarget(init.get());
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
    SaverDef saver = V2Saver.saverDef();
    if (variables.values().stream().allMatch(RestoredVariable::isWholeAndOfItsName)) {
      try (TString prefix = TString.scalarOf(checkpoint.prefix().toString())) {
        Session.Runner runner =
            session
                .runner()
                .feed(saver.getFilenameTensorName(), prefix)
                .addTarget(saver.getRestoreOpName());
        TensorFlowCall.attempt(checkpoint.prefix(), Tf1Checkpoint.WHOLE, runner::run).close();
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
      runner.addTarget(saver.getRestoreOpName()).run().close();
    }
  }
}
