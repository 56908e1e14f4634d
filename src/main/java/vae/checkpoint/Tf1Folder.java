package vae.checkpoint;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import vae.files.ModelException;
import vae.tf1.SavedModelFiles;

/**
 * A folder in which TF1's savers left checkpoints, and a file {@value Tf1Export#STATE} that names
 * the newest: what {@code tf.train.latest_checkpoint(folder)} looks into.
 */
public final class Tf1Folder {
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_TOLD = 20;
  private static final String META = ".meta";

  /** A line of a proto in text form, whose string has escapes as C has. */
  private static final Pattern NEWEST =
      Pattern.compile(
          "^\\s*model_checkpoint_path\\s*:\\s*\"((?:[^\"\\\\\n]|\\\\.)*)\"", Pattern.MULTILINE);

  private Tf1Folder() {}

  /**
   * The prefix of the newest checkpoint: what the file {@value Tf1Export#STATE} names, or, where
   * that path is another machine's, what lies here under its last name; else that of the one meta
   * graph.
   *
   * @throws ModelException if the folder has no TF1 model, or several of which none is named
   */
  static Path newest(Path folder) throws ModelException {
    List<String> files = files(folder);
    Optional<Path> named = named(folder, files);
    if (named.isPresent()) {
      return named.get();
    }
    List<String> metas = files.stream().filter(name -> name.endsWith(META)).sorted().toList();
    if (metas.size() == 1) {
      return Tf1Checkpoint.at(folder.resolve(metas.get(0))).prefix();
    }
    if (metas.isEmpty()) {
      boolean isSavedModel = files.contains(SavedModelFiles.GRAPH);
      throw new ModelException(
          folder,
          "expected a TF1 model, found neither a file %s that names one of it nor a .meta%s"
              .formatted(
                  Tf1Export.STATE,
                  isSavedModel ? "; this is a SavedModel: --saved-model takes it" : ""));
    }
    List<String> told = metas.subList(0, Math.min(MOST_TOLD, metas.size()));
    throw new ModelException(
        folder,
        "expected one TF1 model, or a file %s that names one, found %s%s"
            .formatted(
                Tf1Export.STATE,
                String.join(", ", told),
                metas.size() > told.size()
                    ? " and %,d more".formatted(metas.size() - told.size())
                    : ""));
  }

  /** Whether a path is that file's. */
  static boolean isState(Path path) {
    return path.endsWith(Tf1Export.STATE) && Files.isRegularFile(path);
  }

  /** Whether a saver left a checkpoint there. */
  public static boolean isOne(Path folder) {
    try {
      return files(folder).stream()
          .anyMatch(name -> name.equals(Tf1Export.STATE) || name.endsWith(META));
    } catch (ModelException e) {
      return false; // What can't be read is told by whoever needs it.
    }
  }

  /** The names of what lies in a folder. */
  static List<String> files(Path folder) throws ModelException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    } catch (IOException e) {
      throw ModelException.unreadable(folder, e);
    }
  }

  /** Nothing where there is no such file, or its checkpoint is not here. */
  private static Optional<Path> named(Path folder, List<String> files) throws ModelException {
    Path state = folder.resolve(Tf1Export.STATE);
    if (!Files.isRegularFile(state)) {
      return Optional.empty();
    }
    try {
      if (Files.size(state) > MOST_BYTES) {
        return Optional.empty(); // A checkpoint of TF1's first format may bear this name.
      }
      Matcher newest =
          NEWEST.matcher(new String(Files.readAllBytes(state), StandardCharsets.UTF_8));
      if (!newest.find()) {
        return Optional.empty();
      }
      String path = TextFormat.unescapeBytes(newest.group(1)).toStringUtf8();
      Path prefix = folder.resolve(path);
      if (Files.exists(Tf1Checkpoint.at(prefix).metaFile())) {
        return Optional.of(prefix);
      }
      String name = path.replaceFirst("(?s).*[/\\\\]", "");
      boolean isHere = files.stream().anyMatch(file -> isOf(name, file));
      return isHere ? Optional.of(folder.resolve(name)) : Optional.empty();
    } catch (TextFormat.InvalidEscapeSequenceException | InvalidPathException e) {
      return Optional.empty(); // No name that a file can have.
    } catch (IOException e) {
      throw ModelException.unreadable(state, e);
    }
  }

  /** Whether a file is a checkpoint's of this name. */
  private static boolean isOf(String name, String file) {
    return !name.isEmpty()
        && (file.equals(name) || Tf1Checkpoint.at(Path.of(file)).prefix().equals(Path.of(name)));
  }
}
