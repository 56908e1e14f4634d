package vae.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import vae.metagraph.DataSources;
import vae.metagraph.FunctionRequest;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.tf1.GraphVariable;
import vae.tf1.TensorName;
import vae.tf1.Tf1Names;

/**
 * The functions of a generative model, in a graph to which is added what they lack: the decoder a
 * second time, from noise to images; log σ², where the graph has σ in another form; the sigmoid of
 * logits.
 *
 * @param graph with the additions
 * @param added their names
 * @param requests reconstruct and encode, unless it is a generator; generate
 * @param scale what the graph makes σ of; nothing where that can't be read
 * @param noiseInput the placeholder of noise, [batch, latent]
 * @param generated the images decoded from it
 * @param decoderOps how many ops the decoder has
 */
public record GenerativeFunctions(
    GraphDef graph,
    Set<String> added,
    List<FunctionRequest> requests,
    Optional<SampledPosterior.Kind> scale,
    TensorName noiseInput,
    TensorName generated,
    int decoderOps) {
  /** Adds them; the code and the images must be rows of fractions of a known size. */
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
    return new GenerativeFunctions(graph, added, left, scale, noiseInput, generated, decoderOps);
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
    private final GraphAdditions added;
    private final DataType type;
    private final long latent;

    Builder(GraphDef definition, NodeGraph old, GenerativeModel model) throws MetaGraphException {
      this.old = old;
      this.model = model;
      this.added = new GraphAdditions(definition, needed());
      this.type = fractions("z", model.decoder().code(), "--latent-tensor");
      long[] codeRow = old.row(model.decoder().code());
      this.latent = product(codeRow);
      if (codeRow.length == 0 || latent <= 0) {
        throw new MetaGraphException(
            "expected z as float32 [batch, size], found %s of %s; --latent-tensor NAME names another"
                .formatted(model.decoder().code(), old.shapeText(model.decoder().code())));
      }
      fractions(Tf1Names.RECON, model.recon(), "--recon-tensor");
    }

    /** What is decoded, and what gives variables their values. */
    private Set<String> needed() {
      Set<String> ends = new LinkedHashSet<>();
      ends.add(model.recon().op());
      ends.add(model.decoder().image().op());
      model.image().ifPresent(image -> ends.add(image.op()));
      for (NodeDef node : old.nodes()) {
        if (node.getOp().startsWith("Assign") || GraphVariable.isVariable(node.getOp())) {
          ends.add(node.getName());
        }
      }
      return old.ancestors(ends);
    }

    private DataType fractions(String what, TensorName tensor, String option)
        throws MetaGraphException {
      Optional<DataType> found = old.dataType(tensor);
      if (found.isEmpty() || !found.get().name().matches(NodeGraph.FRACTIONS)) {
        throw new MetaGraphException(
            "expected %s as float32 in rows, found %s of %s; %s NAME names another"
                .formatted(what, tensor, found.map(Enum::name).orElse("no known type"), option));
      }
      return found.get();
    }

    GenerativeFunctions build() throws MetaGraphException {
      List<Function> functions = new ArrayList<>();
      Optional<SampledPosterior.Kind> scale = Optional.empty();
      if (model.image().isPresent()) {
        TensorName image = model.image().get();
        if (old.shape(image).isEmpty() && old.rowSize(model.recon()) > 0) {
          added.note(image, old.row(model.recon())); // As large as what they are decoded to.
        }
        TensorName recon = image(model.recon(), Tf1Names.RECON);
        functions.add(
            new Function(
                Tf1Names.SERVING_DEFAULT, Tf1Names.IMAGE, image, Map.of(Tf1Names.RECON, recon)));
        var codes = new EncodedCodes(old, added, model, type);
        functions.add(new Function(Tf1Names.ENCODE, Tf1Names.IMAGE, image, codes.outputs()));
        scale = codes.scale();
      }
      TensorName noise = added.placeholder(Tf1Names.NOISE_INPUT, type, latent);
      var decoder = new DecoderCopy(old, added, model);
      String name = isFinished() ? Tf1Names.GENERATE : Tf1Names.GENERATE + "_values";
      TensorName generated = image(decoder.add(noise, type, name), Tf1Names.GENERATE);
      functions.add(
          new Function(
              Tf1Names.GENERATE, Tf1Names.NOISE, noise, Map.of(Tf1Names.IMAGE, generated)));
      if (model.image().isPresent()) {
        TensorName image = model.image().get();
        TensorName rows = added.rows("image_rows", old.dataType(image).orElse(type), image);
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
          graph, added.names(), requests, scale, noise, generated, decoder.ops());
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

    /** Who feeds images need not say how many they are. */
    private void countRows(TensorName rows) {
      for (NodeDef node : old.nodes()) {
        if (DecoderCopy.isBatchSize(old, node.getName())) {
          added.replace(node.getName(), "Squeeze", DataType.DT_INT32, rows);
        }
      }
    }

    /** Nor need they draw the sampler's noise. */
    private void drawFedNoise(TensorName rows) {
      for (String op : model.noise()) {
        if (DataSources.isPlaceholder(old.type(op)) && !DataSources.hasDefault(old.type(op))) {
          long[] row = old.row(new TensorName(op, 0));
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
      long[] found = old.row(model.recon());
      long size = old.rowSize(model.recon());
      return model
          .like()
          .map(old::row)
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
      return row.isPresent() ? added.reshape(name, type, at, name + "_shape", row.get()) : at;
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
      List<String> ends = outputs.values().stream().map(TensorName::op).toList();
      Set<TensorName> read = new LinkedHashSet<>(outputs.values());
      graph.ancestorsBehind(ends, Set.of(input)).forEach(op -> read.addAll(graph.inputs(op)));
      for (TensorName source : DataSources.of(graph)) {
        if (read.contains(source)
            && !source.equals(input)
            && !DataSources.hasDefault(graph.type(source))) {
          inputs.put(FunctionRequest.key(inputs.keySet(), source), source.toString());
        }
      }
      return new FunctionRequest(key, inputs, named);
    }
  }
}
