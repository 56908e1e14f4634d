package vae.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import vae.files.ModelException;
import vae.files.WriteException;
import vae.functions.ModelInSession;
import vae.storage.TrainingRecord;
import vae.training.CheckpointStore.Saved;

/**
 * The checkpoints of one training: the one that it goes on from, and those that it saves. A
 * training does not end because one can't be saved.
 */
public final class Checkpoints implements AutoCloseable {
  private final Optional<CheckpointStore> store;
  private final Optional<Saved> from;
  private final int every;

  /** Whether the folder is this training's already. */
  private boolean ours;

  private Optional<Path> last;
  private int lastStep;

  private Checkpoints(Optional<CheckpointStore> store, Optional<Saved> from, int every) {
    this.store = store;
    this.from = from;
    this.every = every;
    this.ours = from.isPresent();
    this.last = from.map(Saved::prefix);
    this.lastStep = from.map(saved -> saved.training().step()).orElse(0);
  }

  /** For a training that saves none. */
  public static Checkpoints none() {
    return new Checkpoints(Optional.empty(), Optional.empty(), 0);
  }

  /**
   * For a new training.
   *
   * @param store is closed with this
   * @param every so many steps one is saved
   */
  public static Checkpoints anew(CheckpointStore store, int every) {
    return new Checkpoints(Optional.of(store), Optional.empty(), every);
  }

  /**
   * For a training that goes on from the newest checkpoint that is whole.
   *
   * @param store is closed with this, or at once if there is nothing to go on from
   * @param every so many steps one is saved
   * @param damaged is told of each newer one that is not
   * @throws ModelException if no checkpoint is whole
   */
  public static Checkpoints resumed(
      CheckpointStore store, int every, Consumer<ModelException> damaged) throws IOException {
    try {
      Saved newest = store.newest(damaged).orElseThrow(store::none);
      return new Checkpoints(Optional.of(store), Optional.of(newest), every);
    } catch (ModelException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** What the training goes on from; nothing for a new one. */
  Optional<Saved> from() {
    return from;
  }

  /** How the training stood then. */
  public Optional<TrainingRecord> before() {
    return from.map(Saved::training);
  }

  /** The newest that there is of this training. */
  public Optional<Path> last() {
    return last;
  }

  /** Whether one is to be saved after a step. */
  public boolean isDue(int step) {
    return every > 0 && step % every == 0;
  }

  /**
   * Moves an earlier training's checkpoints aside, once this one has taken a step: then {@code
   * --resume} never goes on with that one.
   */
  void begin(RunListener listener) {
    if (every == 0 || store.isEmpty()) {
      return;
    }
    try {
      takeFolder(store.get(), listener);
    } catch (WriteException e) {
      listener.onWarning("no checkpoint: " + e.getMessage());
    }
  }

  private void takeFolder(CheckpointStore folder, RunListener listener) throws WriteException {
    if (!ours) {
      folder
          .setAside()
          .ifPresent(
              path ->
                  listener.onNote("the checkpoints of an earlier training are kept in " + path));
      ours = true;
    }
  }

  /** Saves one, unless this step's is there; says so if it can't be. */
  void save(ModelInSession model, TrainingRecord training, RunListener listener) {
    if (every == 0 || store.isEmpty() || training.step() == lastStep) {
      return;
    }
    try {
      takeFolder(store.get(), listener);
      last = Optional.of(store.get().save(model, training));
      lastStep = training.step();
    } catch (WriteException e) {
      listener.onWarning("no checkpoint: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    if (store.isPresent()) {
      store.get().close();
    }
  }
}
