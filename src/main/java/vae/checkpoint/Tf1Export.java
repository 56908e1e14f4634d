package vae.checkpoint;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.tensorflow.Session;
import org.tensorflow.proto.MetaGraphDef;
import vae.files.AtomicFile;
import vae.files.ProtoFile;
import vae.files.Staging;
import vae.files.WriteException;
import vae.functions.ModelInSession;
import vae.runtime.TensorFlowFailure;
import vae.tf1.V2Saver;

/**
 * {@code saver.save(sess, prefix)}: a model as TF1's {@code import_meta_graph} and {@code restore}
 * take it.
 */
public final class Tf1Export {
  public static final String STATE = "checkpoint";

  private Tf1Export() {}

  /**
   * Writes {@code prefix.meta}, {@code prefix.index}, {@code prefix.data-?????-of-?????} and, in
   * their folder, the state file {@code checkpoint}; older ones are replaced. The index comes last
   * of the checkpoint: without it there is none.
   *
   * @throws WriteException if they can't be written; older files are then what they were, unless
   *     the disk fails while they are replaced
   */
  public static void write(ModelInSession model, Path prefix) throws WriteException {
    Path folder = prefix.toAbsolutePath().getParent();
    String name = String.valueOf(prefix.getFileName());
    try {
      if (folder == null || name.isEmpty() || Set.of(".", "..").contains(name)) {
        throw new IOException("expected a folder and a name, such as VAE_mnist_model/VAE_mnist");
      }
      if (!Tf1Checkpoint.isPlain(prefix)) {
        throw new IOException(
            "TensorFlow takes [ ] * ? and \\ in a checkpoint's path for a pattern");
      }
      Files.createDirectories(folder);
      requireNoFolderInTheWay(folder, name);
      Staging.sweep(folder);
      try (Staging staging = Staging.in(folder)) {
        Path staged = staging.folder();
        stage(model, staged, name);
        AtomicFile.forceTree(staged);
        replace(staged, folder, name);
      }
      AtomicFile.write(folder.resolve(STATE), state(List.of(name)));
    } catch (IOException e) {
      throw WriteException.of(prefix, e);
    }
  }

  /** Writes the four files into a folder that is nobody's yet. */
  public static void stage(ModelInSession model, Path staged, String name) throws IOException {
    saveVariables(model.session(), staged.resolve(name));
    ProtoFile.write(metaGraph(model.metaGraph()), staged.resolve(name + ".meta"));
  }

  private static void replace(Path staged, Path folder, String name) throws IOException {
    List<Path> files = AtomicFile.children(staged);
    Path index = Path.of(name + ".index");
    Files.deleteIfExists(folder.resolve(index));
    for (Path file : files) {
      if (!file.endsWith(index)) {
        AtomicFile.move(file, folder);
      }
    }
    AtomicFile.move(staged.resolve(index), folder);
    // Shards of an older checkpoint that had another number of them.
    for (Path old : AtomicFile.children(folder)) {
      boolean isShard = String.valueOf(old.getFileName()).startsWith(name + ".data-");
      if (isShard && files.stream().noneMatch(file -> old.endsWith(file.getFileName()))) {
        Files.delete(old);
      }
    }
    AtomicFile.forceFolder(folder);
  }

  /** Refuses before anything is replaced. */
  private static void requireNoFolderInTheWay(Path folder, String name) throws IOException {
    for (Path path : AtomicFile.children(folder)) {
      String found = String.valueOf(path.getFileName());
      boolean ours =
          found.equals(STATE)
              || found.equals(name + ".meta")
              || found.equals(name + ".index")
              || found.startsWith(name + ".data-");
      if (ours && Files.isDirectory(path)) {
        throw new IOException(found + " is a folder");
      }
    }
  }

  /**
   * Runs our saver, which the session's graph has whatever the meta graph's own is.
   *
   * @throws IOException if there are no variables, or a file can't be written: names it and the
   *     system's reason
   */
  private static void saveVariables(Session session, Path prefix) throws IOException {
    if (session.graph().operation(V2Saver.saverDef().getRestoreOpName()) == null) {
      throw new IOException("expected a model with variables, found none to save");
    }
    try {
      session.save(prefix.toString());
    } catch (RuntimeException e) {
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      throw new IOException(e.getMessage(), e);
    }
  }

  /** A meta graph of TF1 has no signatures. */
  private static MetaGraphDef metaGraph(MetaGraphDef model) {
    MetaGraphDef.Builder metaGraph = model.toBuilder().clearSignatureDef();
    metaGraph.getMetaInfoDefBuilder().clearTags();
    return metaGraph.build();
  }

  /** What {@code tf.train.latest_checkpoint} reads: checkpoints' names, from the oldest. */
  public static byte[] state(List<String> names) {
    var text = new StringBuilder();
    text.append(line("model_checkpoint_path", names.get(names.size() - 1)));
    names.forEach(name -> text.append(line("all_model_checkpoint_paths", name)));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String line(String field, String name) {
    return "%s: \"%s\"\n".formatted(field, TextFormat.escapeDoubleQuotesAndBackslashes(name));
  }
}
