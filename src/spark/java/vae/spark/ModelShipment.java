package vae.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;
import vae.config.Device;
import vae.latent.Atlas;
import vae.metagraph.AllowedOps;
import vae.runtime.TensorFlowStartup;
import vae.storage.LoadedModel;
import vae.storage.ModelException;
import vae.storage.ModelStore;
import vae.storage.StoredModel;

/**
 * A model on its way to the executors. Each JVM loads it once, after its manifest has been checked,
 * and keeps it as long as it lives: the JVM is the one owner of the model's native memory.
 *
 * @param path a folder that every executor can open, or the name under which Spark unpacks it there
 * @param shipped whether Spark carries it
 */
record ModelShipment(String path, boolean shipped) implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Map<String, LoadedModel> LOADED = new ConcurrentHashMap<>();
  private static final Map<String, Optional<Atlas>> ATLASES = new ConcurrentHashMap<>();

  /** A model's folder, once its files are what its manifest says. */
  static StoredModel read(ModelStore store) throws ModelException {
    return StoredModel.read(store.newest().toAbsolutePath(), AllowedOps.STANDARD);
  }

  /** Makes a model known to the executors. */
  static ModelShipment of(SparkSession spark, StoredModel model, boolean onEveryMachine)
      throws IOException {
    Path folder = model.folder();
    if (onEveryMachine || spark.sparkContext().isLocal()) {
      return new ModelShipment(folder.toString(), false);
    }
    Path archive = Files.createTempFile("vae-model-", ".zip");
    archive.toFile().deleteOnExit(); // Executors that start late ask for it too.
    zip(folder, archive);
    String name = archive.getFileName().toString();
    spark.sparkContext().addArchive(archive.toUri() + "#" + name);
    return new ModelShipment(name, true);
  }

  /**
   * The model, for a task.
   *
   * @throws ModelException if this machine has another model, or a damaged one
   */
  LoadedModel model() throws ModelException {
    LoadedModel known = LOADED.get(path);
    return known == null ? load() : known;
  }

  private LoadedModel load() throws ModelException {
    synchronized (LOADED) { // Of the tasks that start together one loads it, the others wait.
      LoadedModel known = LOADED.get(path);
      if (known == null) {
        TensorFlowStartup.run(Device.CPU, false);
        Path folder = Path.of(shipped ? SparkFiles.get(path) : path);
        known = StoredModel.read(folder, AllowedOps.STANDARD).load(Device.CPU);
        LOADED.put(path, known);
      }
      return known;
    }
  }

  /**
   * What a z means to the model; nothing if it brings no codes.
   *
   * @throws ModelException if its codes are damaged
   */
  Optional<Atlas> atlas() throws ModelException {
    LoadedModel model = model();
    synchronized (ATLASES) {
      Optional<Atlas> known = ATLASES.get(path);
      if (known == null) {
        known = model.codes().map(Atlas::new);
        ATLASES.put(path, known);
      }
      return known;
    }
  }

  private static void zip(Path folder, Path archive) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    try (var out = new ZipOutputStream(Files.newOutputStream(archive))) {
      out.setLevel(1); // Weights hardly shrink.
      for (Path file : files) {
        out.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
