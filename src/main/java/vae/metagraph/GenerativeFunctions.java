package vae.metagraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import vae.metagraph.GenerativeModel.Kind;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * The functions of a generative model, in a graph to which is added what they lack: the decoder a
 * second time, from noise to images; log σ², where the graph has σ in another form; the sigmoid of
 * logits.
 *
 * @param graph with the additions
 * @param requests reconstruct and encode, unless it is a generator; generate
 * @param scale what the graph makes σ of; nothing where that can't be read
 * @param noiseInput the placeholder of noise, [batch, latent]
 * @param generated the images decoded from it
 * @param decoderOps how many ops the decoder has
 */
record GenerativeFunctions(
    GraphDef graph,
    List<FunctionRequest> requests,
    Optional<Posterior.Kind> scale,
    TensorName noiseInput,
    TensorName generated,
    int decoderOps) {
  private static final long UNKNOWN = -1;
  private static final String SIZE = "Shape";

  /**
   * Adds them.
   *
   * @param definition the graph that {@code graph} is of
   * @throws MetaGraphException if the code or the images are not rows of fractions of a known size
   */
  static GenerativeFunctions of(GraphDef definition, NodeGraph graph, GenerativeModel model)
      throws MetaGraphException {
    return new Builder(definition, graph, model).build();
  }

  /** The same without functions that read variables which are absent; the last one stays. */
  GenerativeFunctions storedIn(Set<String> absent) {
    var nodes = new NodeGraph(graph);
    List<FunctionRequest> left = new ArrayList<>();
    for (FunctionRequest request : requests) {
      boolean isLast = left.size() == 0 && request.equals(requests.get(requests.size() - 1));
      if (isLast || missing(nodes, request, absent).isEmpty()) {
        left.add(request);
      }
    }
    return new GenerativeFunctions(graph, left, scale, noiseInput, generated, decoderOps);
  }

  /** A variable that a function reads, and that is absent. */
  static Optional<String> missing(NodeGraph graph, FunctionRequest request, Set<String> absent) {
    Set<TensorName> inputs = new LinkedHashSet<>();
    request.inputs().values().forEach(input -> inputs.add(TensorName.parse(input)));
    List<String> outputs =
        request.outputs().values().stream().map(each -> TensorName.parse(each).op()).toList();
    return graph.ancestorsBehind(outputs, inputs).stream().filter(absent::contains).findFirst();
  }

  private static final class Builder {
    private final NodeGraph old;
    private final GenerativeModel model;
    private final KnownShapes shapes;
    private final GraphAdditions added;
    private final DataType type;
    private final long[] codeRow;
    private final long latent;

    Builder(GraphDef definition, NodeGraph old, GenerativeModel model) throws MetaGraphException {
      this.old = old;
      this.model = model;
      this.shapes = new KnownShapes(old);
      this.added = new GraphAdditions(definition);
      this.type = fractions("z", model.decoder().code(), "--latent-tensor");
      this.codeRow = row(model.decoder().code());
      this.latent = product(codeRow);
      if (codeRow.length == 0 || latent <= 0) {
        throw new MetaGraphException(
            "expected z as float32 [batch, size], found %s of %s; --latent-tensor NAME names another"
                .formatted(model.decoder().code(), shapeText(model.decoder().code())));
      }
      fractions("recon", model.recon(), "--recon-tensor");
    }

    private String shapeText(TensorName tensor) {
      return shapes.of(tensor).map(dims -> "shape " + dims).orElse("unknown shape");
    }

    private DataType fractions(String what, TensorName tensor, String option)
        throws MetaGraphException {
      Optional<DataType> found = OutputTypes.of(old, tensor);
      if (found.isEmpty() || !found.get().name().matches("DT_(FLOAT|DOUBLE|HALF|BFLOAT16)")) {
        throw new MetaGraphException(
            "expected %s as float32 in rows, found %s of %s; %s NAME names another"
                .formatted(what, tensor, found.map(Enum::name).orElse("no known type"), option));
      }
      return found.get();
    }

    private long[] row(TensorName tensor) {
      return shapes.of(tensor).orElse(List.of()).stream()
          .skip(1)
          .mapToLong(Long::longValue)
          .toArray();
    }

    GenerativeFunctions build() throws MetaGraphException {
      List<Function> functions = new ArrayList<>();
      Optional<Posterior> posterior = Optional.empty();
      if (model.image().isPresent()) {
        TensorName image = model.image().get();
        if (shapes.of(image).isEmpty() && shapes.rowSize(model.recon()) > 0) {
          added.note(image, whole(row(model.recon()))); // As large as what they are decoded to.
        }
        TensorName recon = image(model.recon(), Tf1Names.RECON);
        functions.add(
            new Function("serving_default", "image", image, Map.of(Tf1Names.RECON, recon)));
        posterior =
            Posterior.of(old, model.code(), model.noise()).filter(each -> isOfRows(each.mean()));
        functions.add(new Function("encode", "image", image, codes(posterior)));
      }
      TensorName noise = added.placeholder(Tf1Names.NOISE_INPUT, type, UNKNOWN, latent);
      Set<String> ops = new LinkedHashSet<>();
      TensorName generated = image(decoded(noise, ops), Tf1Names.GENERATE);
      functions.add(new Function("generate", "noise", noise, Map.of("image", generated)));
      if (model.image().isPresent()) {
        TensorName rows = imageRows(model.image().get());
        countRows(rows);
        drawFedNoise(rows);
      }
      GraphDef graph = added.graph();
      var nodes = new NodeGraph(graph);
      requireNoImage(nodes, generated, noise);
      List<FunctionRequest> requests = new ArrayList<>();
      for (Function function : functions) {
        requests.add(function.request(nodes));
      }
      return new GenerativeFunctions(
          graph,
          requests,
          posterior.filter(each -> isOfRows(each.source())).map(Posterior::kind),
          noise,
          generated,
          ops.size());
    }

    private void requireNoImage(NodeGraph graph, TensorName generated, TensorName noise)
        throws MetaGraphException {
      Set<String> needed = graph.ancestorsBehind(List.of(generated.op()), Set.of(noise));
      if (model.image().filter(image -> needed.contains(image.op())).isPresent()) {
        throw new MetaGraphException(
            ("expected %s to depend on the images through z = %s alone, found other ways too;"
                    + " --latent-tensor NAME names another z")
                .formatted(model.recon(), model.code()));
      }
    }

    /** A copy of the decoder that reads noise in the place of z, and asks no image for its size. */
    private TensorName decoded(TensorName noise, Set<String> ops) throws MetaGraphException {
      TensorName code = model.decoder().code();
      TensorName image = model.decoder().image();
      Set<String> needed = old.ancestorsBehind(List.of(image.op()), Set.of(code));
      ops.addAll(old.between(code.op(), image.op()));
      ops.retainAll(needed);
      Map<TensorName, TensorName> instead = new HashMap<>();
      TensorName rows = added.rows("noise_rows", type, noise);
      for (String op : needed) {
        var tensor = new TensorName(op, 0);
        Optional<TensorName> size = Optional.empty();
        if (old.type(op).equals(SIZE) && !ops.contains(op) && isOfImages(op)) {
          TensorName measured = old.inputs(op).get(0);
          requireKnown(measured);
          size = Optional.of(added.shape("noise_shape", rows, row(measured)));
        } else if (isBatchSize(op)) {
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
          codeRow.length == 1
              ? noise
              : added.reshape(
                  "noise_as_z", type, noise, added.integers("z_shape", whole(codeRow))));
      String name = isFinished() ? Tf1Names.GENERATE : Tf1Names.GENERATE + "_values";
      return added.copy(ops, instead, image, name);
    }

    private void requireKnown(TensorName measured) throws MetaGraphException {
      if (Arrays.stream(row(measured)).anyMatch(size -> size < 0)
          || shapes.of(measured).isEmpty()) {
        throw new MetaGraphException(
            ("expected a decoder that needs of the images no more than their number, found that it"
                    + " asks for the shape of %s, %s; --latent-tensor NAME names another z")
                .formatted(measured, shapeText(measured)));
      }
    }

    private static long[] whole(long[] row) {
      long[] shape = new long[row.length + 1];
      shape[0] = UNKNOWN;
      System.arraycopy(row, 0, shape, 1, row.length);
      return shape;
    }

    /** Whether an op measures what the images are made to: without them there is none. */
    private boolean isOfImages(String op) {
      return model.image().isPresent()
          && old.ancestors(List.of(op), name -> false).contains(model.image().get().op());
    }

    /** A whole number that is fed, and is where a shape begins. */
    private boolean isBatchSize(String op) {
      return DataSources.isPlaceholder(old.type(op))
          && old.attribute(op, "dtype").getType() == DataType.DT_INT32
          && shapes.of(new TensorName(op, 0)).orElse(List.of()).isEmpty()
          && !old.readers(op).isEmpty()
          && old.readers(op).stream()
              .filter(reader -> !NodeGraph.isOfGradients(reader))
              .allMatch(
                  reader ->
                      old.type(reader).equals("Pack") && old.inputs(reader).get(0).op().equals(op));
    }

    private TensorName imageRows(TensorName image) throws MetaGraphException {
      return added.rows("image_rows", OutputTypes.of(old, image).orElse(type), image);
    }

    /** Who feeds images need not say how many they are. */
    private void countRows(TensorName rows) {
      for (NodeDef node : old.nodes()) {
        if (isBatchSize(node.getName())) {
          added.replace(node.getName(), "Squeeze", DataType.DT_INT32, rows);
        }
      }
    }

    /** Nor need they draw the sampler's noise. */
    private void drawFedNoise(TensorName rows) {
      for (String op : model.noise()) {
        if (DataSources.isPlaceholder(old.type(op)) && !DataSources.hasDefault(old.type(op))) {
          long[] row = row(new TensorName(op, 0));
          added.replaceByNoise(op, type, added.shape(op + "_shape", rows, row));
        }
      }
    }

    /** Whether a decoded tensor is the image, with nothing to be added. */
    private boolean isFinished() {
      return !model.isLogits() && imageRow().isEmpty();
    }

    /** The shape that images have where they come in, if the decoder gives their values alone. */
    private Optional<long[]> imageRow() {
      long[] found = row(model.recon());
      long size = shapes.rowSize(model.recon());
      return model
          .like()
          .map(this::row)
          .filter(row -> Arrays.stream(row).allMatch(each -> each > 0))
          .filter(
              row ->
                  size == 0
                      ? row.length == found.length && row.length > 0
                      : row.length > 1 && found.length == 1 && product(row) == size);
    }

    private static long product(long[] row) {
      return Arrays.stream(row).reduce(1, Math::multiplyExact);
    }

    private TensorName image(TensorName decoded, String name) {
      TensorName at = decoded;
      Optional<long[]> row = imageRow();
      if (model.isLogits()) {
        at = added.op(row.isPresent() ? name + "_flat" : name, "Sigmoid", type, at);
      }
      return row.isPresent()
          ? added.reshape(name, type, at, added.integers(name + "_shape", whole(row.get())))
          : at;
    }

    /** Whether a tensor has a row of z's size for each image. */
    private boolean isOfRows(TensorName tensor) {
      return shapes.rowSize(tensor) == latent
          && !old.isConstant(tensor)
          && old.ancestors(List.of(tensor.op()), op -> false)
              .contains(model.image().orElseThrow().op());
    }

    private Map<String, TensorName> codes(Optional<Posterior> posterior) throws MetaGraphException {
      Map<String, TensorName> codes = new LinkedHashMap<>();
      if (model.kind() == Kind.AUTOENCODER) {
        codes.put("code", flat("code", model.code()));
      } else if (posterior.isEmpty()) {
        codes.put(Tf1Names.Z_MEAN, flat(Tf1Names.Z_MEAN, withoutNoise()));
      } else {
        codes.put(Tf1Names.Z_MEAN, flat(Tf1Names.Z_MEAN, posterior.get().mean()));
        if (isOfRows(posterior.get().source())) {
          codes.put(Tf1Names.Z_STD, flat(Tf1Names.Z_STD, logVariance(posterior.get())));
        }
      }
      return codes;
    }

    /** A sampler of another kind gives its middle where its noise is 0. */
    private TensorName withoutNoise() throws MetaGraphException {
      Map<TensorName, TensorName> instead = new HashMap<>();
      Set<String> ops = new LinkedHashSet<>();
      for (String op : model.noise()) {
        var drawn = new TensorName(op, 0);
        DataType drawnAs = OutputTypes.of(old, drawn).orElse(type);
        instead.put(drawn, added.op("no_noise", "ZerosLike", drawnAs, drawn));
        ops.addAll(old.between(op, model.code().op()));
      }
      return added.copy(ops, instead, model.code(), Tf1Names.Z_MEAN + "_of_zero_noise");
    }

    /** A matrix, a row an image. */
    private TensorName flat(String name, TensorName tensor) {
      return row(tensor).length == 1 || shapes.of(tensor).isEmpty()
          ? tensor
          : added.reshape(name, type, tensor, added.integers(name + "_shape", UNKNOWN, latent));
    }

    /** Log σ², by ops of its own unless the old graph has it. */
    private TensorName logVariance(Posterior posterior) {
      TensorName source = posterior.source();
      String name = Tf1Names.Z_STD;
      return switch (posterior.kind()) {
        case VARIANCE -> added.op(name, "Log", type, source);
        case SCALE ->
            added.op(name, "Log", type, added.op(name + "_variance", "Square", type, source));
        case LOGARITHM ->
            posterior.factor() == 1
                ? source
                : added.op(
                    name,
                    "Mul",
                    type,
                    source,
                    added.number(name + "_factor", type, posterior.factor()));
      };
    }
  }

  /** A function of one main input; what else must be fed is found in the graph. */
  private record Function(
      String key, String name, TensorName input, Map<String, TensorName> outputs) {
    FunctionRequest request(NodeGraph graph) {
      Map<String, String> inputs = new LinkedHashMap<>();
      inputs.put(name, input.toString());
      Map<String, String> named = new LinkedHashMap<>();
      outputs.forEach((output, tensor) -> named.put(output, tensor.toString()));
      Set<TensorName> read = new LinkedHashSet<>(outputs.values());
      for (String op :
          graph.ancestorsBehind(
              outputs.values().stream().map(TensorName::op).toList(), Set.of(input))) {
        read.addAll(graph.inputs(op));
      }
      for (TensorName source : DataSources.of(graph)) {
        if (read.contains(source)
            && !source.equals(input)
            && !DataSources.hasDefault(graph.type(source.op()))) {
          inputs.put(ImportAdvice.key(inputs.keySet(), source), source.toString());
        }
      }
      return new FunctionRequest(key, inputs, named);
    }
  }
}
