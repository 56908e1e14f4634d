package vae.serve;

import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import vae.files.ModelException;
import vae.functions.Batching;
import vae.functions.ModelSignature;
import vae.storage.LoadedModel;
import vae.tensor.Values;

/** A version that is loaded. It is closed when it has been retired and nobody uses it any more. */
final class ServedVersion {
  private final long number;
  private final LoadedModel model;
  private final SortedMap<String, ModelSignature> signatures;
  private final Map<String, Batcher> batchers = new ConcurrentHashMap<>();
  private int users = 1;

  /** Takes ownership of the model; whoever makes it is its first user. */
  ServedVersion(long number, LoadedModel model) {
    this.number = number;
    this.model = model;
    this.signatures = model.signatures();
  }

  long number() {
    return number;
  }

  SortedMap<String, ModelSignature> signatures() {
    return signatures;
  }

  /** Begins a use; false if it is already closed. */
  synchronized boolean acquire() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  /** Ends a use; the last closes the model. */
  void release() {
    boolean last;
    synchronized (this) {
      users--;
      last = users == 0;
    }
    if (last) {
      model.close();
    }
  }

  Batching batching(ModelSignature signature) {
    return model.batching(signature.key());
  }

  /** Computes one of its functions; its user has acquired it. */
  SortedMap<String, Values> predict(
      ModelSignature signature, Map<String, Values> inputs, Caller caller)
      throws ModelException, ServingException {
    return batchers
        .computeIfAbsent(
            signature.key(),
            key -> new Batcher(all -> model.predict(key, all), batching(signature).joins()))
        .call(inputs, caller);
  }
}
