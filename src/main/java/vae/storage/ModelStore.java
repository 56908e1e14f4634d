package vae.storage;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vae.checkpoint.Tf1Checkpoint;
import vae.checkpoint.Tf1Folder;
import vae.files.AtomicFile;
import vae.files.FileKind;
import vae.files.ModelException;
import vae.files.Staging;
import vae.files.WriteException;
import vae.tf1.SavedModelFiles;

/**
 * A base folder of numbered models, {@code saved_model/1}, {@code saved_model/2}, … as TensorFlow
 * Serving expects it. A model is published by renaming a staged sibling: it is there whole or not
 * at all, and what is published is never changed.
 *
 * @param base the folder; it need not exist yet
 */
public record ModelStore(Path base) {
  private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

  /** Writes a model into an empty folder. */
  @FunctionalInterface
  public interface ModelWriter {
    /** Leaves the folder with a whole model, or fails. */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * The folder of the model to use: the base itself if it is a SavedModel, else the highest number
   * in it.
   *
   * @throws ModelException if there is none
   */
  public Path newest() throws ModelException {
    if (!Files.isDirectory(base)) {
      throw new ModelException(base, "expected a folder with a model, found " + whatIsThere());
    }
    if (isSavedModel(base)) {
      return base;
    }
    Optional<Path> newest = newestVersion().map(this::version);
    return newest.orElseThrow(
        () ->
            new ModelException(
                base,
                "expected a saved_model.pb or a numbered model folder, found " + whatIsInIt()));
  }

  private String whatIsInIt() {
    Path parent = base.toAbsolutePath().normalize().getParent();
    if (parent != null && isSavedModel(parent)) {
      return "neither; " + parent + " is a model";
    }
    return Tf1Folder.isOne(base)
        ? "a TF1 checkpoint: import-meta brings it over"
        : "neither; train and import-meta make one";
  }

  private String whatIsThere() {
    if (!Files.exists(base)) {
      return Files.exists(base.resolveSibling(base.getFileName() + Tf1Checkpoint.INDEX))
          ? "a TensorFlow checkpoint of this name: import-meta takes it if its .meta lies beside it"
          : "none; train and import-meta make one";
    }
    try {
      Optional<FileKind> kind = FileKind.of(base);
      return kind.isPresent()
          ? kind.get().toString()
          : "a file of another kind; import-meta brings TF1 models and frozen graphs over";
    } catch (IOException e) {
      return "a file that can't be read (" + e + ")";
    }
  }

  /**
   * The highest number published; nothing if there is none.
   *
   * @throws ModelException if the folder can't be read
   */
  public Optional<Long> newestVersion() throws ModelException {
    return numbered(Files::isDirectory).max(Comparator.naturalOrder());
  }

  /**
   * The numbers published after one, the highest first.
   *
   * @throws ModelException if the folder can't be read
   */
  public List<Long> versionsAbove(long number) throws ModelException {
    return numbered(Files::isDirectory)
        .filter(each -> each > number)
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** The number of a model's folder; 1 for one whose name is none. */
  public static long numberOf(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name != null && VERSION.matcher(name.toString()).matches() ? number(name) : 1;
  }

  private static long number(Path folder) {
    return Long.parseLong(folder.getFileName().toString());
  }

  /** The folder of a version. */
  public Path version(long number) {
    return base.resolve(String.valueOf(number));
  }

  /**
   * Makes sure, before hours of work, that a model can be published here.
   *
   * @param bytes what the model will weigh
   * @throws ModelException if the folder is itself a published model
   * @throws WriteException if the folder can't be made or written to, or has no room
   */
  public void requireWritable(long bytes) throws IOException {
    if (isSavedModel(base)) {
      throw new ModelException(
          base, "expected a folder of numbered models, found a published model itself");
    }
    boolean wasThere = Files.exists(base);
    try {
      Files.createDirectories(base);
      Staging.sweep(base);
      Staging.in(base).close();
      long room = Files.getFileStore(base).getUsableSpace();
      if (!wasThere) {
        Files.delete(base);
      }
      if (room < bytes) {
        throw new IOException(
            "expected room for %,d bytes on the disk, found %,d".formatted(bytes, room));
      }
    } catch (IOException e) {
      throw new WriteException(base, e);
    }
  }

  /**
   * Publishes a model under the next number.
   *
   * @return its folder
   * @throws WriteException if it can't be written whole; nothing is left behind then
   */
  public Path publish(ModelWriter writer) throws WriteException {
    long start = System.nanoTime();
    try {
      Files.createDirectories(base);
      Staging.sweep(base);
      try (Staging staging = Staging.in(base)) {
        writer.writeTo(staging.folder());
        AtomicFile.forceTree(staging.folder());
        Path published = renameToNextVersion(staging.folder());
        LOG.debug("published {} in {} ms", published, (System.nanoTime() - start) / 1_000_000);
        return published;
      }
    } catch (IOException e) {
      throw new WriteException(base, e);
    }
  }

  private Path renameToNextVersion(Path staged) throws IOException {
    long highest = numbered(child -> true).max(Comparator.naturalOrder()).orElse(0L);
    for (long version = highest + 1; ; version++) {
      if (!VERSION.matcher(String.valueOf(version)).matches()) {
        throw new IOException("no number is left after the highest");
      }
      Path published = base.resolve(String.valueOf(version));
      try {
        Files.move(staged, published, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.forceFolder(base);
        return published;
      } catch (FileSystemException e) {
        // Another program may have just taken that number: then on to the next.
        if (!Files.exists(published)) {
          throw e;
        }
      }
    }
  }

  private Stream<Long> numbered(Predicate<Path> kind) throws ModelException {
    if (!Files.isDirectory(base)) {
      return Stream.empty();
    }
    try (Stream<Path> children = Files.list(base)) {
      return children
          .filter(child -> VERSION.matcher(child.getFileName().toString()).matches())
          .filter(kind)
          .map(ModelStore::number)
          .toList()
          .stream();
    } catch (IOException e) {
      throw ModelException.unreadable(base, e);
    }
  }

  private static boolean isSavedModel(Path folder) {
    return Files.isRegularFile(folder.resolve(SavedModelFiles.GRAPH));
  }
}
