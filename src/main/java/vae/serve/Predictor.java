package vae.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vae.config.Device;
import vae.files.ModelException;
import vae.functions.ModelSignature;
import vae.runtime.ComputeDevice;
import vae.runtime.TensorFlowFailure;
import vae.runtime.TensorFlowStartup;
import vae.serve.ServingException.Code;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.Values;

/**
 * Predictions by the newest model of a folder, for any number of threads at once. A version that is
 * published later is taken up without failing a call: calls that have begun end on the old one.
 * Calls that arrive while all cores are busy run as one batch.
 *
 * <pre>{@code
 * try (Predictor vae = Predictor.open(Path.of("saved_model"))) {
 *   Values noise = Values.of(new float[][] {{0.5f, -1}});
 *   Values image = vae.predict("generate", Map.of("noise", noise)).get("image");
 *   var code = vae.predict("encode", Map.of("image", image)); // z_mean, z_std
 * }
 * }</pre>
 */
public final class Predictor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** After how long a version that could not be loaded is tried again: it may be half copied. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final ModelStore store;
  private final Loader loader;
  private final SortedMap<Long, VersionState> states = new TreeMap<>();
  private final Map<Long, Long> retries = new HashMap<>(); // The watcher's: nanoTime by version.
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(
          action -> {
            var thread = new Thread(action, "model versions");
            thread.setDaemon(true);
            return thread;
          });
  private volatile ServedVersion current; // Changed under the lock of states.
  private boolean closed; // Under the same.

  /** Loads a model's folder. */
  @FunctionalInterface
  public interface Loader {
    /** The model, which this takes. */
    LoadedModel load(Path folder) throws IOException;
  }

  /**
   * How a version stands, in TensorFlow Serving's words.
   *
   * @param state AVAILABLE, or END for one that was unloaded or could not be loaded
   * @param code OK, or what kind of failure it was
   * @param message of the failure
   */
  record VersionState(String state, String code, String message) {}

  /**
   * The models of a folder, with TensorFlow started quietly, on a CUDA device if there is one.
   *
   * @param savedModel a folder of numbered models, or one model's
   * @throws ModelException if there is none, or it is damaged
   */
  public static Predictor open(Path savedModel) throws IOException {
    TensorFlowStartup.run(Device.AUTO, false);
    Device device = ComputeDevice.resolve(Device.AUTO);
    return new Predictor(new ModelStore(savedModel), folder -> LoadedModel.open(folder, device));
  }

  /**
   * The models of a store, loaded in a way of one's own.
   *
   * @throws IOException if the newest can't be loaded
   */
  public Predictor(ModelStore store, Loader loader) throws IOException {
    this.store = store;
    this.loader = loader;
    Path newest = store.newest();
    long number = ModelStore.numberOf(newest);
    this.current = new ServedVersion(number, loader.load(newest));
    states.put(number, new VersionState("AVAILABLE", "OK", ""));
    if (!newest.equals(store.base())) {
      // refresh lets nothing out: the future never says anything.
      var unused =
          watcher.scheduleWithFixedDelay(
              this::refresh, POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Computes a function of the newest model.
   *
   * @param signature such as {@code generate}
   * @param inputs all that it takes, by name
   * @return all that it gives, by name
   * @throws ServingException if the model can't do it, or it took longer than 30 s
   */
  public SortedMap<String, Values> predict(String signature, Map<String, Values> inputs)
      throws ServingException {
    return predict(OptionalLong.empty(), signature, inputs, Caller.patientFor(PATIENCE)).outputs();
  }

  record Prediction(long version, SortedMap<String, Values> outputs) {}

  /** The same of a version, for somebody who waits. */
  Prediction predict(OptionalLong version, String key, Map<String, Values> inputs, Caller caller)
      throws ServingException {
    ServedVersion served = acquire(version);
    try {
      ModelSignature signature = Signatures.of(served.signatures(), key);
      Signatures.requireInputs(signature, inputs, served.batching(signature));
      return new Prediction(served.number(), served.predict(signature, inputs, caller));
    } catch (ModelException e) {
      Code code = TensorFlowFailure.isOfInvalidArgument(e) ? Code.INVALID_ARGUMENT : Code.INTERNAL;
      throw new ServingException(code, String.valueOf(e.getMessage()), e);
    } finally {
      served.release();
    }
  }

  Offer offer(OptionalLong version) throws ServingException {
    ServedVersion served = acquire(version);
    served.release();
    return new Offer(served.number(), served.signatures());
  }

  record Offer(long version, SortedMap<String, ModelSignature> signatures) {}

  /** How all versions stand that have been seen. */
  SortedMap<Long, VersionState> states() {
    synchronized (states) {
      return new TreeMap<>(states);
    }
  }

  private ServedVersion acquire(OptionalLong version) throws ServingException {
    while (true) {
      ServedVersion served = current;
      if (version.isPresent() && version.getAsLong() != served.number()) {
        throw new ServingException(Code.NOT_FOUND, "Specific");
      }
      if (served.acquire()) {
        return served;
      }
      if (served == current) {
        throw new ServingException(Code.UNAVAILABLE, "The server is stopping");
      }
    }
  }

  /** Takes up what has been published since: the newest that can be loaded. */
  private void refresh() {
    try {
      for (long number : store.versionsAbove(current.number())) {
        Long retry = retries.get(number);
        if ((retry == null || System.nanoTime() - retry >= 0) && takeUp(number)) {
          return;
        }
      }
    } catch (IOException | RuntimeException | Error e) { // An end here would end the watching.
      LOG.warn("{}: can't look for new versions ({})", store.base(), e.toString());
    }
  }

  private boolean takeUp(long number) {
    ServedVersion next;
    try {
      next = new ServedVersion(number, loader.load(store.version(number)));
    } catch (IOException | RuntimeException | Error e) {
      String message = String.valueOf(e.getMessage());
      VersionState last;
      synchronized (states) {
        last = states.put(number, new VersionState("END", "INTERNAL", message));
      }
      if (last == null || !last.message().equals(message)) {
        LOG.warn("version {} can't be loaded: {}", number, message);
      }
      retries.put(number, System.nanoTime() + RETRY.toNanos());
      return false;
    }
    ServedVersion replaced;
    synchronized (states) {
      replaced = closed ? next : current;
      if (!closed) {
        current = next;
        states.put(number, new VersionState("AVAILABLE", "OK", ""));
        states.put(replaced.number(), new VersionState("END", "OK", ""));
        LOG.info("serving version {}", number);
      }
    }
    replaced.release();
    return true;
  }

  /** Ends it; calls that have begun end well. */
  @Override
  public void close() {
    synchronized (states) {
      if (closed) {
        return;
      }
      closed = true;
    }
    watcher.shutdownNow();
    try {
      if (!watcher.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("gave up waiting for a version that is being loaded");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    current.release();
  }
}
