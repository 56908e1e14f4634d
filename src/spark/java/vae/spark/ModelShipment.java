package vae.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.SparkSession;
import vae.config.Device;
import vae.files.FileSums;
import vae.files.ModelException;
import vae.latent.Atlas;
import vae.metagraph.AllowedOps;
import vae.runtime.TensorFlowStartup;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.storage.StoredModel;

/**
 * A model on its way to the executors. Each JVM loads it once, after its manifest has been checked,
 * and keeps it as long as it lives: the JVM is the one owner of the model's native memory.
 *
 * @param path a folder that every executor can open, or the name under which Spark unpacks it there
 * @param shipped whether Spark carries it
 * @param sha256 of the names, sizes and sums of all its files
 */
record ModelShipment(String path, boolean shipped, String sha256) implements Serializable {
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
      return onEveryMachine(folder);
    }
    Path archive = Files.createTempFile("vae-model-", ".zip");
    archive.toFile().deleteOnExit(); // Executors that start late ask for it too.
    zip(folder, archive);
    String name = archive.getFileName().toString();
    spark.sparkContext().addArchive(archive.toUri() + "#" + name);
    return new ModelShipment(name, true, sha256(folder));
  }

  /** One that all executors find under the same path. */
  static ModelShipment onEveryMachine(Path folder) throws IOException {
    return new ModelShipment(folder.toString(), false, sha256(folder));
  }

  /**
   * The model, for a task.
   *
   * @throws ModelException if this machine has another model, or a damaged one
   */
  LoadedModel model() throws ModelException {
    LoadedModel loaded = LOADED.get(sha256);
    if (loaded != null) {
      return loaded; // Each batch asks, also while another job's model is loaded.
    }
    synchronized (LOADED) { // Of the tasks that start together one loads it, the others wait.
      LoadedModel known = LOADED.get(sha256);
      if (known == null) {
        Path folder = Path.of(shipped ? SparkFiles.get(path) : path);
        requireSame(folder);
        // An executor's log is its standard error: what other threads write there is not kept away.
        TensorFlowStartup.run(Device.CPU, isExecutor());
        known = StoredModel.read(folder, AllowedOps.STANDARD).load(Device.CPU);
        LOADED.put(sha256, known);
      }
      return known;
    }
  }

  private void requireSame(Path folder) throws ModelException {
    String found;
    try {
      found = sha256(folder);
    } catch (IOException e) {
      throw new ModelException(folder, "expected the job's model, found none (" + e + ")", e);
    }
    if (!found.equals(sha256)) {
      throw new ModelException(
          folder,
          "expected the job's model, SHA-256 %s, found another, %s".formatted(sha256, found));
    }
  }

  private static boolean isExecutor() {
    SparkEnv env = SparkEnv.get();
    return env != null && !env.executorId().equals("driver");
  }

  /**
   * What a z means to the model; nothing if it brings no labelling.
   *
   * @throws ModelException if that is damaged
   */
  Optional<Atlas> atlas() throws ModelException {
    LoadedModel model = model();
    synchronized (ATLASES) {
      Optional<Atlas> known = ATLASES.get(sha256);
      if (known == null) {
        known = Atlas.of(model);
        ATLASES.put(sha256, known);
      }
      return known;
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String sha256(Path folder) throws IOException {
    String sums = FileSums.of(folder, files(folder)).toJson().toString();
    return FileSums.sha256(sums.getBytes(StandardCharsets.UTF_8), 0);
  }

  private static void zip(Path folder, Path archive) throws IOException {
    try (var out = new ZipOutputStream(Files.newOutputStream(archive))) {
      out.setLevel(1); // Weights hardly shrink.
      for (Path file : files(folder)) {
        out.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
