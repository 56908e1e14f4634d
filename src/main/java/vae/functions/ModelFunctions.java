package vae.functions;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.EnsureShape;
import org.tensorflow.op.core.ExpandDims;
import org.tensorflow.op.core.Identity;
import org.tensorflow.op.core.Reshape;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.math.Sigmoid;
import org.tensorflow.proto.MetaGraphDef;
import vae.files.ModelException;
import vae.functions.ModelSignature.NamedTensor;
import vae.metagraph.FixedRows;
import vae.metagraph.RowWise;
import vae.tensor.Values;
import vae.tf1.TensorName;

/**
 * The functions of a model in a session, each looked at once: whether its rows may be computed in
 * pieces.
 */
public final class ModelFunctions {
  /** Ops that leave the values of a row as they are. */
  private static final Set<String> SAME_VALUES =
      Set.of(
          Identity.OP_NAME,
          Reshape.OP_NAME,
          EnsureShape.OP_NAME,
          ExpandDims.OP_NAME,
          Squeeze.OP_NAME);

  private final Path source;
  private final Session session;
  private final MetaGraphDef metaGraph;
  private final int mostRows;
  private final SortedMap<String, ModelSignature> signatures = new TreeMap<>();
  private final Map<String, ModelFunction> known = new ConcurrentHashMap<>();

  /**
   * The functions that a meta graph's signatures offer.
   *
   * @param source names the model in what is thrown
   * @param mostRows of a batch that are computed in one piece
   */
  public ModelFunctions(Path source, Session session, MetaGraphDef metaGraph, int mostRows) {
    this.source = source;
    this.session = session;
    this.metaGraph = metaGraph;
    this.mostRows = mostRows;
    metaGraph
        .getSignatureDefMap()
        .forEach((key, definition) -> signatures.put(key, ModelSignature.of(key, definition)));
  }

  /** Names the model in what is thrown. */
  Path source() {
    return source;
  }

  /** By key. */
  public SortedMap<String, ModelSignature> signatures() {
    return signatures;
  }

  /**
   * Computes one.
   *
   * @throws ModelException if TensorFlow can't
   * @throws IllegalArgumentException if there is no such function, or it takes other inputs
   */
  public SortedMap<String, Values> call(String key, Map<String, Values> inputs)
      throws ModelException {
    ModelSignature signature = signatures.get(key);
    if (signature == null || !signature.inputs().keySet().equals(inputs.keySet())) {
      throw new IllegalArgumentException("no function %s of %s".formatted(key, inputs.keySet()));
    }
    List<Values> arguments =
        signature.inputs().keySet().stream()
            .map(name -> Objects.requireNonNull(inputs.get(name)))
            .toList();
    List<Values> results = of(signature).call(arguments);
    SortedMap<String, Values> outputs = new TreeMap<>();
    int output = 0;
    for (String name : signature.outputs().keySet()) {
      outputs.put(name, results.get(output++));
    }
    return outputs;
  }

  /** How one takes its rows. */
  public Batching batching(String key) {
    return of(Objects.requireNonNull(signatures.get(key))).batching();
  }

  /** A signature's function, its inputs and outputs in the order of their names. */
  private ModelFunction of(ModelSignature signature) {
    return known.computeIfAbsent(
        signature.key(),
        key ->
            function(
                key,
                List.copyOf(signature.inputs().values()),
                List.copyOf(signature.outputs().values())));
  }

  /** A function of some of a signature's outputs, in an order of one's own. */
  ModelFunction of(ModelSignature signature, List<String> outputs) {
    return function(
        signature.key(),
        List.copyOf(signature.inputs().values()),
        outputs.stream()
            .map(output -> Objects.requireNonNull(signature.outputs().get(output)))
            .toList());
  }

  /** A generator whose output is what its last sigmoid is of. */
  ModelFunction logits(ModelFunction whole) throws ModelException {
    NamedTensor image = whole.outputs().get(0);
    GraphOperation last = session.graph().operationOrThrow(TensorName.parse(image.name()).op());
    while (SAME_VALUES.contains(last.type())) {
      last = session.graph().operationOrThrow(last.input(0).op().name());
    }
    if (!last.type().equals(Sigmoid.OP_NAME)) {
      throw new ModelException(
          source,
          "expected a decoder that ends in a sigmoid, found that it does in " + last.type());
    }
    Output<?> logits = last.input(0);
    return whole.fetching(
        new NamedTensor(
            logits.op().name() + ":" + logits.index(), image.dataType(), image.shape()));
  }

  private ModelFunction function(String key, List<NamedTensor> inputs, List<NamedTensor> outputs) {
    return new ModelFunction(
        source, session, key + " failed", inputs, outputs, batching(inputs, outputs), mostRows);
  }

  private Batching batching(List<NamedTensor> inputs, List<NamedTensor> outputs) {
    List<NamedTensor> all = Stream.concat(inputs.stream(), outputs.stream()).toList();
    Set<Long> written = FixedRows.of(metaGraph.getGraphDef(), names(inputs), names(outputs));
    Set<Long> fixed = new TreeSet<>(written);
    all.stream()
        .map(NamedTensor::rows)
        .flatMap(Optional::stream)
        .filter(rows -> rows >= 0)
        .forEach(fixed::add);
    long batch = fixed.size() == 1 ? fixed.iterator().next() : RowWise.ANY;
    boolean goesByRows =
        !inputs.isEmpty()
            && fixed.size() <= 1
            && batch != 0
            && all.stream().allMatch(tensor -> tensor.rows().isPresent())
            && outputs.stream()
                .allMatch(output -> output.rowShape().isPresent() && output.type().isPresent())
            && RowWise.of(
                metaGraph.getGraphDef(), this::shape, names(inputs), names(outputs), batch);
    if (!goesByRows) {
      return written.equals(fixed) && batch > 1
          ? Batching.wholeOf(Math.toIntExact(batch))
          : Batching.WHOLE;
    }
    return fixed.isEmpty() ? Batching.ANY : Batching.of(Math.toIntExact(batch));
  }

  private static List<TensorName> names(List<NamedTensor> tensors) {
    return tensors.stream().map(tensor -> TensorName.parse(tensor.name())).toList();
  }

  /** As TensorFlow infers it. */
  private Shape shape(TensorName tensor) {
    return session.graph().operationOrThrow(tensor.op()).output(tensor.output()).shape();
  }
}
