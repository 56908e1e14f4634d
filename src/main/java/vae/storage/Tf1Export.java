package vae.storage;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.tensorflow.proto.MetaGraphDef;

/**
 * {@code saver.save(sess, prefix)}: a model as TF1's {@code import_meta_graph} and {@code restore}
 * take it.
 */
public final class Tf1Export {
  private Tf1Export() {}

  /**
   * Writes {@code prefix.meta}, {@code prefix.index}, {@code prefix.data-?????-of-?????} and, in
   * their folder, the state file {@code checkpoint}; older ones are replaced. The index comes last
   * of the checkpoint: without it there is none.
   *
   * @throws WriteException if they can't be written; older files are then what they were, unless
   *     the disk fails while they are replaced
   */
  public static void write(LoadedModel model, Path prefix) throws WriteException {
    Path folder = prefix.toAbsolutePath().getParent();
    String name = String.valueOf(prefix.getFileName());
    try {
      Files.createDirectories(folder);
      Path staged = Files.createDirectory(folder.resolve(".staging-" + UUID.randomUUID()));
      try {
        model.saveVariables(staged.resolve(name));
        Files.write(staged.resolve(name + ".meta"), metaGraph(model).toByteArray());
        Durable.forceTree(staged);
        replace(staged, folder, name + ".index");
      } finally {
        FileUtils.deleteDirectory(staged.toFile());
      }
      Durable.write(folder.resolve("checkpoint"), state(name));
    } catch (WriteException e) {
      throw e;
    } catch (IOException e) {
      throw new WriteException(prefix, e);
    }
  }

  private static void replace(Path staged, Path folder, String index) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(staged)) {
      files = list.toList();
    }
    for (Path file : files) {
      if (Files.isDirectory(folder.resolve(file.getFileName()))) {
        throw new IOException(file.getFileName() + " is a folder");
      }
    }
    Files.deleteIfExists(folder.resolve(index));
    for (Path file : files) {
      if (!file.endsWith(index)) {
        move(file, folder);
      }
    }
    move(staged.resolve(index), folder);
    Durable.forceFolder(folder);
  }

  private static void move(Path file, Path folder) throws IOException {
    Files.move(
        file,
        folder.resolve(file.getFileName()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** A meta graph of TF1 has no signatures. */
  private static MetaGraphDef metaGraph(LoadedModel model) {
    MetaGraphDef.Builder metaGraph = model.metaGraph().toBuilder().clearSignatureDef();
    metaGraph.getMetaInfoDefBuilder().clearTags();
    return metaGraph.build();
  }

  /** What {@code tf.train.latest_checkpoint} reads. */
  private static byte[] state(String name) {
    String path = TextFormat.escapeDoubleQuotesAndBackslashes(name);
    return "model_checkpoint_path: \"%1$s\"%nall_model_checkpoint_paths: \"%1$s\"%n"
        .formatted(path)
        .getBytes(StandardCharsets.UTF_8);
  }
}
