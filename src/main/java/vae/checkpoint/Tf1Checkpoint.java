package vae.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.train.Restore;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;
import vae.config.Device;
import vae.files.FileKind;
import vae.files.ModelException;
import vae.files.ProtoFile;
import vae.functions.TensorFlowCall;
import vae.metagraph.RestoredVariable;
import vae.model.VaeGraph;
import vae.runtime.Sessions;
import vae.tf1.GraphVariable;

/**
 * What TF1's {@code saver.save(sess, prefix)} leaves: the meta graph {@code prefix.meta}, and a
 * checkpoint, which is {@code prefix.index} with {@code prefix.data-?????-of-?????} in the format
 * V2, {@code prefix} itself or {@code prefix-?????-of-?????} in V1.
 *
 * @param prefix the path, as {@code saver.restore} takes it
 * @param metaFile the meta graph's file; checkpoints of several steps may share one
 */
public record Tf1Checkpoint(Path prefix, Path metaFile) {
  private static final String META = ".meta";
  public static final String INDEX = ".index";
  private static final Pattern FILE =
      Pattern.compile("(.+?)\\.(meta|index|data-[0-9]{5}-of-[0-9]{5})", Pattern.DOTALL);

  static final String WHOLE = "expected a whole checkpoint, found";
  private static final int MOST_DIFFERENCES = 3;

  /** Takes the prefix, or the name of one of its files, as a shell completes it. */
  public static Tf1Checkpoint at(Path path) {
    Matcher file = FILE.matcher(path.toString());
    Path prefix = file.matches() ? Path.of(file.group(1)) : path;
    return new Tf1Checkpoint(prefix, sibling(prefix, META));
  }

  /**
   * Takes a folder too, as {@code tf.train.latest_checkpoint} does, or the file in it that names
   * the newest checkpoint; a folder of a checkpoint's own name beside it counts for nothing.
   *
   * @throws ModelException if the folder has no TF1 model, or several of which none is the newest
   */
  public static Tf1Checkpoint find(Path path) throws ModelException {
    Tf1Checkpoint named = at(path);
    if (Files.exists(named.metaFile)) {
      return named;
    }
    if (Files.isDirectory(path)) {
      return at(Tf1Folder.newest(path));
    }
    return Tf1Folder.isState(path) ? at(Tf1Folder.newest(path.resolveSibling(""))) : named;
  }

  /** The same with another meta graph. */
  public Tf1Checkpoint withMeta(Path file) {
    return new Tf1Checkpoint(prefix, file);
  }

  /** Whether TensorFlow can find files of this prefix: it takes some letters for a pattern. */
  public static boolean isPlain(Path prefix) {
    for (Path name : prefix) {
      if (name.toString().chars().anyMatch(letter -> "[]*?\\".indexOf(letter) >= 0)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The meta graph.
   *
   * @throws ModelException if there is none, or it is damaged
   */
  public MetaGraphDef metaGraph() throws ModelException {
    if (!Files.isRegularFile(metaFile())) {
      throw new ModelException(
          Files.isRegularFile(prefix) ? prefix : metaFile(),
          "expected a meta graph, found " + inItsPlace());
    }
    MetaGraphDef metaGraph = ProtoFile.read(metaFile, MetaGraphDef.parser(), "meta graph");
    if (metaGraph.getGraphDef().getNodeCount() == 0) {
      throw new ModelException(metaFile, "expected a meta graph, found one without ops");
    }
    return metaGraph;
  }

  private String inItsPlace() throws ModelException {
    if (Files.exists(file(INDEX))) {
      return "no such file; --meta FILE names that of another step, but TensorFlow 2 saves none"
          + " with its checkpoints: tf.saved_model.save saves graph and values";
    }
    try {
      if (Files.isRegularFile(prefix)) {
        return FileKind.of(prefix)
            .map(FileKind::toString)
            .orElse("no such file, and %s is of no kind that is known".formatted(prefix));
      }
      return "no such file, checkpoint or folder; PREFIX is what saver.save was given, or its folder;"
          + " export-meta makes such files of a saved model";
    } catch (IOException e) {
      throw ModelException.unreadable(prefix, e);
    }
  }

  /** Refuses a checkpoint of which a file is missing. */
  public void requireFiles(SaverDef.CheckpointFormatVersion version) throws ModelException {
    if (!isPlain(prefix)) {
      throw new ModelException(prefix, "expected a path without [ ] * ? \\, found a pattern");
    }
    List<String> siblings = siblings();
    String name = String.valueOf(prefix.getFileName());
    boolean isV1 = version != SaverDef.CheckpointFormatVersion.V2;
    if (!siblings.contains(name + INDEX)) {
      if (isV1 && (siblings.contains(name) || hasAllShards(siblings, name + "-"))) {
        return;
      }
      throw new ModelException(
          file(INDEX),
          "expected the index of a V2 checkpoint%s, found no such file"
              .formatted(isV1 ? " (or a V1 checkpoint " + prefix + ")" : ""));
    }
    if (!hasAllShards(siblings, name + ".data-")) {
      throw new ModelException(
          file(".data-00000-of-00001"),
          "expected the values of a V2 checkpoint, found no such file");
    }
  }

  /**
   * Gives a graph of ours the values of a checkpoint, which must have all its variables, slots too:
   * {@code saver.restore(sess, prefix)}.
   *
   * @throws ModelException if a file is missing or damaged, or its variables are not the graph's
   */
  public void restore(VaeGraph vae, Session session) throws ModelException {
    requireFiles(SaverDef.CheckpointFormatVersion.LEGACY);
    Map<GraphVariable, RestoredVariable> variables = new LinkedHashMap<>();
    for (Variable<TFloat32> variable : vae.variables()) {
      String name = variable.op().name();
      variables.put(
          new GraphVariable((GraphOperation) variable.op()), new RestoredVariable(name, name, ""));
    }
    requireSame(variables);
    restore(session);
  }

  /** Runs our saver, which the session's graph has. */
  void restore(Session session) throws ModelException {
    TensorFlowCall.attempt(
        prefix,
        WHOLE,
        () -> {
          session.restore(prefix.toString());
          return session;
        });
  }

  /**
   * Reads variables, once it is sure that the checkpoint has them all.
   *
   * @param variables what they are called in the checkpoint, by the variable of a graph
   * @return their values in the map's order; the caller closes it
   * @throws ModelException if the checkpoint is damaged, or its variables are not the graph's:
   *     names the first differences
   */
  Result read(Map<GraphVariable, RestoredVariable> variables) throws ModelException {
    requireSame(variables);
    List<Class<? extends TType>> types = new ArrayList<>();
    variables.keySet().forEach(variable -> types.add(variable.type()));
    try (Graph graph = new Graph();
        Session session = new Session(graph, Sessions.config(Device.CPU))) {
      Ops tf = Ops.create(graph);
      Restore restore =
          tf.train.restore(
              tf.constant(prefix.toString()),
              names(tf, variables, RestoredVariable::key),
              names(tf, variables, RestoredVariable::slice),
              types);
      Session.Runner runner = session.runner();
      restore.tensors().forEach(runner::fetch);
      return TensorFlowCall.attempt(prefix, WHOLE, runner::run);
    }
  }

  /**
   * Makes sure that the checkpoint has variables as they are in a graph.
   *
   * @throws ModelException if it is damaged, or has others: names the first differences
   */
  void requireSame(Map<GraphVariable, RestoredVariable> variables) throws ModelException {
    Map<String, CheckpointTable.Entry> found = table();
    List<String> differences = new ArrayList<>();
    variables.forEach(
        (variable, restored) -> {
          CheckpointTable.Entry entry = found.get(restored.key());
          var expected = new CheckpointTable.Entry(variable.dataType(), variable.shape());
          if (entry == null) {
            differences.add("expected %s, found none".formatted(restored.key()));
          } else if (restored.slice().isEmpty() && !entry.equals(expected)) {
            differences.add("%s: expected %s, found %s".formatted(restored.key(), expected, entry));
          }
        });
    if (!differences.isEmpty()) {
      int shown = Math.min(MOST_DIFFERENCES, differences.size());
      String more =
          shown < differences.size() ? "; and %d more".formatted(differences.size() - shown) : "";
      throw new ModelException(
          prefix,
          "the checkpoint's variables are not the graph's: "
              + String.join("; ", differences.subList(0, shown))
              + more);
    }
  }

  private static Operand<TString> names(
      Ops tf,
      Map<GraphVariable, RestoredVariable> variables,
      Function<RestoredVariable, String> name) {
    return tf.array(variables.values().stream().map(name).toArray(String[]::new));
  }

  /** What it holds, by name. */
  public Map<String, CheckpointTable.Entry> table() throws ModelException {
    try {
      return CheckpointTable.read(prefix.toString());
    } catch (IllegalArgumentException e) {
      throw new ModelException(prefix, WHOLE + ": " + e.getMessage(), e);
    }
  }

  private List<String> siblings() throws ModelException {
    Path folder = prefix.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ModelException(prefix, "expected a checkpoint, found no such folder");
    }
    return Tf1Folder.files(folder);
  }

  /** Whether there are shards, and for some number of them all. */
  private boolean hasAllShards(List<String> siblings, String start) throws ModelException {
    Pattern shard = Pattern.compile(Pattern.quote(start) + "[0-9]{5}-of-([0-9]{5})");
    Set<Integer> counts = new TreeSet<>();
    for (String sibling : siblings) {
      Matcher matcher = shard.matcher(sibling);
      if (matcher.matches()) {
        counts.add(Integer.parseInt(matcher.group(1)));
      }
    }
    String missing = null;
    for (int count : counts) {
      Optional<String> lost =
          IntStream.range(0, count)
              .mapToObj(i -> "%s%05d-of-%05d".formatted(start, i, count))
              .filter(name -> !siblings.contains(name))
              .findFirst();
      if (lost.isEmpty()) {
        return true;
      }
      missing = lost.get();
    }
    if (missing != null) {
      throw new ModelException(
          prefix.resolveSibling(missing), "expected a shard of the checkpoint, found no such file");
    }
    return false;
  }

  private Path file(String suffix) {
    return sibling(prefix, suffix);
  }

  private static Path sibling(Path prefix, String suffix) {
    Path name = prefix.getFileName();
    return prefix.resolveSibling((name == null ? "" : name) + suffix);
  }
}
