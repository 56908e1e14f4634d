package vae.training;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Session;
import vae.checkpoint.Tf1Checkpoint;
import vae.checkpoint.Tf1Export;
import vae.files.AtomicFile;
import vae.files.FileSums;
import vae.files.JsonFields;
import vae.files.LockFile;
import vae.files.ModelException;
import vae.files.SealedJson;
import vae.files.Staging;
import vae.files.WriteException;
import vae.functions.ModelInSession;
import vae.model.VaeGraph;
import vae.storage.TrainingRecord;

/**
 * A training's checkpoints, as TF1's saver leaves them: {@code model.ckpt-<step>} with its {@code
 * .index}, {@code .data-?????-of-?????} and {@code .meta}, the last five of them, and the state
 * file {@code checkpoint}. Beside each, {@code model.ckpt-<step>.json} has the files' sums and what
 * the training must know to go on.
 *
 * <p>A checkpoint counts once all files that its record names are there. They are renamed into the
 * folder before the state file names them, and deleted after it has ceased to.
 *
 * <p>While it is open the folder is one program's: a locked file beside it says so.
 */
public final class CheckpointStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final int KEPT = 5;
  private static final int SCHEMA = 1;
  private static final String NAME = "model.ckpt-";
  private static final String RECORD = ".json";
  private static final Pattern FILE =
      Pattern.compile(
          "model\\.ckpt-([1-9][0-9]{0,9})\\.(json|meta|index|data-[0-9]{5}-of-[0-9]{5})");

  /** So many lie in the folder while another is saved. */
  public static final int MOST = KEPT + 1;

  private final Path folder;
  private final Path parent;
  private final boolean parentIsNew;
  private final LockFile lock;

  private CheckpointStore(Path folder, Path parent, boolean parentIsNew, LockFile lock) {
    this.folder = folder;
    this.parent = parent;
    this.parentIsNew = parentIsNew;
    this.lock = lock;
  }

  /**
   * Takes a folder for a training.
   *
   * @param folder it need not exist yet
   * @throws WriteException if another program has it, or nothing can be written there
   */
  public static CheckpointStore open(Path folder) throws WriteException {
    try {
      if (!Tf1Checkpoint.isPlain(folder)) {
        throw new IOException(
            "TensorFlow takes [ ] * ? and \\ in a checkpoint's path for a pattern");
      }
      Path parent = Objects.requireNonNull(folder.toAbsolutePath().getParent());
      boolean parentIsNew = !Files.exists(parent);
      Files.createDirectories(parent);
      LockFile lock =
          LockFile.take(parent.resolve("." + folder.getFileName() + ".lock"))
              .orElseThrow(() -> new IOException("another training writes there"));
      return new CheckpointStore(folder, parent, parentIsNew, lock);
    } catch (IOException e) {
      throw new WriteException(folder, e);
    }
  }

  /**
   * A checkpoint.
   *
   * @param prefix as {@code saver.restore} takes it
   * @param training how its variables came about
   */
  public record Saved(Path prefix, TrainingRecord training) {
    /**
     * Gives a graph of ours its values.
     *
     * @throws ModelException if its variables are not the graph's
     */
    public void restore(VaeGraph vae, Session session) throws ModelException {
      Tf1Checkpoint.at(prefix).restore(vae, session);
    }
  }

  /**
   * Moves what an earlier training has left, so that this one's checkpoints get a folder of their
   * own: to {@code checkpoints-1}, or the next number that is free.
   *
   * @return where it is now; nothing if no checkpoint was there
   * @throws WriteException if it can't be moved
   */
  Optional<Path> setAside() throws WriteException {
    try {
      if (!hasAny()) {
        return Optional.empty();
      }
      for (int i = 1; ; i++) {
        Path aside = folder.resolveSibling(folder.getFileName() + "-" + i);
        if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
          Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
          return Optional.of(aside);
        }
      }
    } catch (IOException e) {
      throw new WriteException(folder, e);
    }
  }

  /**
   * Saves a training as it stands, and lets the oldest beyond five go.
   *
   * @param training with the step, for which the checkpoint is called
   * @throws WriteException if it can't be written whole; those before are then what they were
   */
  public Path save(ModelInSession model, TrainingRecord training) throws WriteException {
    long start = System.nanoTime();
    String name = name(training.step());
    Path prefix = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      Staging.sweep(folder);
      try (Staging staging = Staging.in(folder)) {
        Path staged = staging.folder();
        Tf1Export.stage(model, staged, name);
        take(staged, training);
      }
      prune(training.step());
    } catch (IOException e) {
      throw WriteException.of(prefix, e);
    }
    LOG.debug("saved {} in {} ms", prefix, (System.nanoTime() - start) / 1_000_000);
    return prefix;
  }

  /** Names the five newest, and deletes what this store wrote beside them. */
  private void prune(int newest) throws IOException {
    List<Integer> whole = new ArrayList<>();
    for (int step : steps()) {
      if (step <= newest && isWhole(step)) {
        whole.add(step);
      }
    }
    List<Integer> kept = whole.subList(Math.max(0, whole.size() - KEPT), whole.size());
    List<String> names = kept.stream().map(CheckpointStore::name).toList();
    AtomicFile.write(folder.resolve(Tf1Export.STATE), Tf1Export.state(names));
    AtomicFile.forceFolder(folder); // Before a power cut can take what it no longer names.
    for (int step : steps()) {
      if (!kept.contains(step)) {
        delete(step);
      }
    }
  }

  /**
   * The newest checkpoint that is whole.
   *
   * @param damaged is told of each newer one that is not, and why
   * @return nothing if there is none
   * @throws ModelException if the folder can't be read
   */
  public Optional<Saved> newest(Consumer<ModelException> damaged) throws ModelException {
    List<Integer> steps;
    try {
      steps = steps();
    } catch (IOException e) {
      throw ModelException.unreadable(folder, e);
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      try {
        int step = steps.get(i);
        TrainingRecord training = read(step);
        return Optional.of(new Saved(folder.resolve(name(step)), training));
      } catch (ModelException e) {
        damaged.accept(e);
      }
    }
    return Optional.empty();
  }

  /** That there is none, for who needs one. */
  public ModelException none() {
    return new ModelException(folder, "expected a checkpoint to go on from, found none");
  }

  /** Gives the folder back; what it has made and nobody has used is deleted. */
  @Override
  public void close() throws IOException {
    try (lock) {
      deleteIfEmpty(folder);
    }
    if (parentIsNew) {
      deleteIfEmpty(parent);
    }
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      if (Files.isDirectory(folder)) {
        Files.delete(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      // It is used.
    }
  }

  /** What a step's checkpoint is called. */
  private static String name(int step) {
    return NAME + step;
  }

  /** Whether there is a checkpoint of any kind, also of another program's. */
  private boolean hasAny() throws IOException {
    return !files().isEmpty() || Files.exists(folder.resolve(Tf1Export.STATE));
  }

  /** The names of all checkpoints' files, each parted by {@link #FILE}; none without a folder. */
  private List<Matcher> files() throws IOException {
    return Files.isDirectory(folder)
        ? AtomicFile.children(folder).stream()
            .map(file -> FILE.matcher(String.valueOf(file.getFileName())))
            .filter(Matcher::matches)
            .toList()
        : List.of();
  }

  /** The steps of all records, whole or not, from the lowest. */
  private List<Integer> steps() throws IOException {
    return files().stream()
        .filter(CheckpointStore::isRecord)
        .map(name -> Long.valueOf(name.group(1)))
        .filter(step -> step <= Integer.MAX_VALUE)
        .map(Long::intValue)
        .sorted()
        .toList();
  }

  private static boolean isRecord(Matcher name) {
    return RECORD.endsWith(name.group(2));
  }

  /**
   * A checkpoint's record, once all its files are what that says.
   *
   * @throws ModelException if one is not
   */
  private TrainingRecord read(int step) throws ModelException {
    Path record = record(step);
    JsonFields json = SealedJson.read(record);
    try {
      if (json.integer("schema") != SCHEMA) {
        throw new ModelException(
            record, "expected schema %d, of another version".formatted(SCHEMA));
      }
      FileSums.of(json.object("files")).check(folder);
      return TrainingRecord.of(json.object("training"));
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          record, "expected a checkpoint's record, found " + e.getMessage(), e);
    }
  }

  /** Whether all files are there; what is in them is checked when it is to be used. */
  private boolean isWhole(int step) {
    try {
      JsonFields json = SealedJson.read(record(step));
      return FileSums.of(json.object("files")).files().keySet().stream()
          .allMatch(name -> Files.isRegularFile(folder.resolve(name)));
    } catch (ModelException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Moves staged files here. The record comes first: by it the files of a program that is killed
   * now are known.
   *
   * @param staged has the files of a step, and nothing else
   */
  private void take(Path staged, TrainingRecord training) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("files", FileSums.of(staged, AtomicFile.children(staged)).toJson());
    json.put("training", training.toJson());
    Path record = staged.resolve(name(training.step()) + RECORD);
    SealedJson.write(json, record);
    AtomicFile.forceTree(staged);
    AtomicFile.move(record, folder);
    for (Path file : AtomicFile.children(staged)) {
      AtomicFile.move(file, folder);
    }
    AtomicFile.forceFolder(folder);
  }

  /** Deletes what belongs to a step. The record goes last: without it the files are nobody's. */
  private void delete(int step) throws IOException {
    for (Matcher name : files()) {
      if (name.group(1).equals(String.valueOf(step)) && !isRecord(name)) {
        Files.delete(folder.resolve(name.group()));
      }
    }
    Files.deleteIfExists(record(step));
  }

  private Path record(int step) {
    return folder.resolve(NAME + step + RECORD);
  }
}
