package vae.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import vae.metagraph.DataSources;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/**
 * A copy of a model's decoder that reads noise in the place of z, and asks no image for its size.
 */
final class DecoderCopy {
  private static final String SIZE = "Shape";

  private final NodeGraph old;
  private final GraphAdditions added;
  private final GenerativeModel model;
  private final Set<String> ops = new LinkedHashSet<>();

  DecoderCopy(NodeGraph old, GraphAdditions added, GenerativeModel model) {
    this.old = old;
    this.added = added;
    this.model = model;
  }

  /** How many ops it has. */
  int ops() {
    return ops.size();
  }

  /**
   * Adds it, from a placeholder of noise [batch, latent] to a tensor of a name.
   *
   * @throws MetaGraphException if the decoder needs more of the images than their number
   */
  TensorName add(TensorName noise, DataType type, String name) throws MetaGraphException {
    TensorName code = model.decoder().code();
    TensorName image = model.decoder().image();
    Set<String> needed = old.ancestorsBehind(List.of(image.op()), Set.of(code));
    ops.addAll(old.between(code.op(), image.op()));
    ops.retainAll(needed);
    Map<TensorName, TensorName> instead = new HashMap<>();
    long[] codeRow = old.row(code);
    TensorName rows = added.rows("noise_rows", type, noise);
    for (String op : needed) {
      var tensor = new TensorName(op, 0);
      Optional<TensorName> size = Optional.empty();
      if (old.type(op).equals(SIZE) && !ops.contains(op) && isOfImages(op)) {
        TensorName measured = old.input(op, 0);
        requireKnown(measured);
        size = Optional.of(added.shape("noise_shape", rows, old.row(measured)));
      } else if (isBatchSize(old, op)) {
        size = Optional.of(added.op("noise_count", "Squeeze", DataType.DT_INT32, rows));
      }
      if (size.isPresent()) {
        instead.put(tensor, size.get());
        Set<String> further = old.between(op, image.op());
        further.retainAll(needed);
        ops.addAll(further);
      }
    }
    instead.put(
        code,
        codeRow.length == 1 ? noise : added.reshape("noise_as_z", type, noise, "z_shape", codeRow));
    return added.copy(ops, instead, image, name);
  }

  private void requireKnown(TensorName measured) throws MetaGraphException {
    if (Arrays.stream(old.row(measured)).anyMatch(size -> size < 0)
        || old.shape(measured).isEmpty()) {
      throw new MetaGraphException(
          ("expected a decoder that needs of the images no more than their number, found that it"
                  + " asks for the shape of %s, %s; --latent-tensor NAME names another z")
              .formatted(measured, old.shapeText(measured)));
    }
  }

  /** Whether an op measures what the images are made to: without them there is none. */
  private boolean isOfImages(String op) {
    return model.image().isPresent()
        && old.ancestors(List.of(op)).contains(model.image().get().op());
  }

  /** A whole number that is fed, and is where a shape begins. */
  static boolean isBatchSize(NodeGraph old, String op) {
    return DataSources.isPlaceholder(old.type(op))
        && old.attribute(op, "dtype").getType() == DataType.DT_INT32
        && old.shape(new TensorName(op, 0)).orElse(List.of()).isEmpty()
        && !old.readers(op).isEmpty()
        && old.readers(op).stream()
            .filter(reader -> !NodeGraph.isOfGradients(reader))
            .allMatch(
                reader -> old.type(reader).equals("Pack") && old.input(reader, 0).op().equals(op));
  }
}
