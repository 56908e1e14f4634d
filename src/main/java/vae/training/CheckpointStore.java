package vae.training;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Session;
import vae.checkpoint.Tf1Checkpoint;
import vae.checkpoint.Tf1Export;
import vae.files.AtomicFile;
import vae.files.LockFile;
import vae.files.ModelException;
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

  /** So many lie in the folder while another is saved. */
  public static final int MOST = KEPT + 1;

  private final Path folder;
  private final CheckpointFolder files;
  private final Path parent;
  private final boolean parentIsNew;
  private final LockFile lock;

  private CheckpointStore(Path folder, Path parent, boolean parentIsNew, LockFile lock) {
    this.folder = folder;
    this.files = new CheckpointFolder(folder);
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
  public Optional<Path> setAside() throws WriteException {
    try {
      if (!files.hasAny()) {
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
    String name = CheckpointFolder.name(training.step());
    Path prefix = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      Staging.sweep(folder);
      try (Staging staging = Staging.in(folder)) {
        Path staged = staging.folder();
        Tf1Export.stage(model, staged, name);
        files.take(staged, training);
      }
      prune(training.step());
    } catch (WriteException e) {
      throw e;
    } catch (IOException e) {
      throw new WriteException(prefix, e);
    }
    LOG.debug("saved {} in {} ms", prefix, (System.nanoTime() - start) / 1_000_000);
    return prefix;
  }

  /** Names the five newest, and deletes what this store wrote beside them. */
  private void prune(int newest) throws IOException {
    List<Integer> whole = new ArrayList<>();
    for (int step : files.steps()) {
      if (step <= newest && files.isWhole(step)) {
        whole.add(step);
      }
    }
    List<Integer> kept = whole.subList(Math.max(0, whole.size() - KEPT), whole.size());
    List<String> names = kept.stream().map(CheckpointFolder::name).toList();
    AtomicFile.write(folder.resolve(Tf1Export.STATE), Tf1Export.state(names));
    AtomicFile.forceFolder(folder); // Before a power cut can take what it no longer names.
    for (int step : files.steps()) {
      if (!kept.contains(step)) {
        files.delete(step);
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
      steps = files.steps();
    } catch (IOException e) {
      throw new ModelException(folder, "can't be read (" + e + ")", e);
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      try {
        int step = steps.get(i);
        TrainingRecord training = files.read(step);
        return Optional.of(new Saved(folder.resolve(CheckpointFolder.name(step)), training));
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
}
