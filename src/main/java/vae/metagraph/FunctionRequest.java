package vae.metagraph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import vae.tf1.TensorName;

/**
 * A function that a user names in a stranger's graph.
 *
 * @param signature the key under which it is published
 * @param inputs tensors of the graph that are fed, by the names that callers use; in order
 * @param outputs tensors of the graph that are given back, by the names that callers use
 */
public record FunctionRequest(
    String signature, Map<String, String> inputs, Map<String, String> outputs) {

  /** What callers may call a tensor: the last part of its op's name, where that is not used yet. */
  public static String key(Set<String> used, TensorName tensor) {
    String last = tensor.op().substring(tensor.op().lastIndexOf('/') + 1);
    String wish = last.replaceAll("[^A-Za-z0-9_]", "_");
    return GraphCut.unused(used, wish.isEmpty() ? "x" : wish);
  }

  public FunctionRequest {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
  }
}
