package vae.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import vae.checkpoint.Tf1Checkpoint;
import vae.config.Device;
import vae.files.ModelException;
import vae.imports.FunctionImport;
import vae.metagraph.AllowedOps;
import vae.metagraph.FunctionRequest;
import vae.runtime.TensorFlowStartup;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.testing.Mutation;

/**
 * Asks functions by spoilt requests, and loads spoilt graphs. It ends with 1 at the first that is
 * neither refused in a line nor answered, or that writes a file; what crashes ends it too.
 */
final class MutatedFunctions {
  /** Only its requests are spoilt: a graph that never ends can't be told from one that does. */
  private static final String LOOP = "loop";

  private static final List<String> MODELS =
      List.of(
          "words",
          "vocabulary",
          "two_types",
          "bytes",
          "truth",
          "lstm",
          "deconvolution",
          "batch_of_100",
          "several_ranks",
          "float64",
          "integers",
          "rank0",
          "tf2_module",
          LOOP);
  private static final List<String> VALUES =
      List.of(
          "null",
          "1e999",
          "-1",
          "2.5",
          "9223372036854775808",
          "true",
          "\"x\"",
          "[]",
          "[[]]",
          "{}",
          "{\"b64\":\"?\"}",
          "{\"b64\":\"AAAA\"}",
          "NaN",
          "[1,[2]]",
          "4294967296",
          "[[[[1]]]]");
  private static final Set<Integer> ANSWERS = Set.of(200, 400, 404, 501);

  private final Path models;
  private final Path copies;
  private final Random random;
  private final Map<Integer, Integer> answers = new TreeMap<>();
  private int refused;
  private int loaded;

  private MutatedFunctions(Path models, Path copies, Random random) {
    this.models = models;
    this.copies = copies;
    this.random = random;
  }

  /** Takes the models' folder, one for copies, how many requests and graphs, and a seed. */
  public static void main(String[] args) throws Exception {
    TensorFlowStartup.run(Device.CPU, false);
    int requests = Integer.parseInt(args[2]);
    int graphs = Integer.parseInt(args[3]);
    var functions =
        new MutatedFunctions(
            Path.of(args[0]), Path.of(args[1]), new Random(Long.parseLong(args[4])));
    for (String name : MODELS) {
      functions.requests(name, requests / MODELS.size() + 1);
    }
    for (int i = 0; i < graphs; i++) {
      functions.graph(MODELS.get(i % MODELS.indexOf(LOOP)), i);
    }
    System.out.printf(
        "answers %s; graphs: %d refused, %d loaded%n",
        functions.answers, functions.refused, functions.loaded);
    System.exit(0);
  }

  private void requests(String name, int count) throws Exception {
    var store = new ModelStore(models.resolve(name).resolve("saved"));
    FunctionCase function = FunctionCase.of(models.resolve(name)).get(0);
    Set<Path> before = files(models);
    try (var predictor = new Predictor(store, path -> LoadedModel.open(path, Device.CPU))) {
      var api = new RestApi(new ServedModel(name, predictor));
      for (int i = 0; i < count; i++) {
        boolean inRows = function.rows() && random.nextBoolean();
        byte[] body = spoilt(function.body(inRows));
        Answer answer =
            api.answer(
                "POST",
                "/v1/models/" + name + ":predict",
                body,
                Caller.patientFor(Duration.ofSeconds(30)));
        answers.merge(answer.status(), 1, Integer::sum);
        if (!ANSWERS.contains(answer.status())) {
          fail(name + ": " + new String(body, StandardCharsets.UTF_8), answer.body());
        }
      }
      // It goes on as if nothing had been.
      function.requireOutputs(predictor.predict(function.signature(), function.fed()));
    }
    if (!files(models).equals(before)) {
      fail(name, "files were written".getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A value where another was, or chance's changes of bytes. */
  private byte[] spoilt(String body) {
    if (random.nextInt(3) == 0) {
      return Mutation.of(body.getBytes(StandardCharsets.UTF_8), random);
    }
    int at = body.indexOf(random.nextBoolean() ? "[" : ":", random.nextInt(body.length())) + 1;
    int end = Math.max(at, body.indexOf(random.nextBoolean() ? "," : "]", at));
    return (body.substring(0, at) + VALUES.get(random.nextInt(VALUES.size())) + body.substring(end))
        .getBytes(StandardCharsets.UTF_8);
  }

  private void graph(String name, int number) throws Exception {
    Path copy = copies.resolve(name);
    FileUtils.copyDirectory(models.resolve(name).toFile(), copy.toFile());
    boolean isSaved = !Files.exists(copy.resolve("checkpoint/model.meta")) || random.nextBoolean();
    Path graph = copy.resolve(isSaved ? "saved/saved_model.pb" : "checkpoint/model.meta");
    byte[] whole = Files.readAllBytes(graph);
    Files.write(
        graph, random.nextInt(4) == 0 ? Mutation.of(whole, random) : rewired(whole, isSaved));
    Set<Path> before = files(copies);
    FunctionCase function = FunctionCase.of(models.resolve(name)).get(0);
    try (LoadedModel model =
        isSaved
            ? LoadedModel.open(copy.resolve("saved"), Device.CPU)
            : imported(copy.resolve("checkpoint/model"), function)) {
      model.predict(function.signature(), function.fed());
      loaded++;
    } catch (ModelException | IllegalArgumentException e) {
      refused++; // The second for a signature of another name.
    } catch (RuntimeException | Error e) {
      System.out.println("graph " + number + ", " + graph);
      e.printStackTrace(System.out);
      System.exit(1);
    }
    if (!files(copies).equals(before)) {
      fail(graph.toString(), "files were written".getBytes(StandardCharsets.UTF_8));
    }
    FileUtils.deleteDirectory(copy.toFile());
  }

  /** A whole proto of a graph that makes little sense. */
  private byte[] rewired(byte[] whole, boolean isSaved) throws IOException {
    SavedModel.Builder saved = SavedModel.newBuilder();
    if (isSaved) {
      saved.mergeFrom(whole);
    } else {
      saved.addMetaGraphs(MetaGraphDef.parseFrom(whole));
    }
    GraphDef.Builder graph = saved.getMetaGraphsBuilder(0).getGraphDefBuilder();
    for (int change = random.nextInt(3); change >= 0; change--) {
      NodeDef.Builder node = any(graph);
      NodeDef.Builder other = any(graph);
      switch (random.nextInt(5)) {
        case 0 -> node.setOp(other.getOp());
        case 1 -> {
          if (node.getInputCount() > 0) {
            node.setInput(random.nextInt(node.getInputCount()), other.getName());
          }
        }
        case 2 -> node.addInput(other.getName());
        case 3 -> node.clearInput();
        default ->
            node.getAttrMap()
                .keySet()
                .forEach(
                    key -> {
                      if (other.containsAttr(key)) {
                        node.putAttr(key, other.getAttrOrThrow(key));
                      }
                    });
      }
    }
    return isSaved ? saved.build().toByteArray() : saved.getMetaGraphs(0).toByteArray();
  }

  private NodeDef.Builder any(GraphDef.Builder graph) {
    return graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
  }

  private static LoadedModel imported(Path prefix, FunctionCase function) throws IOException {
    Map<String, String> inputs = new TreeMap<>();
    function.inputs().forEach((key, input) -> inputs.put(key, input.tensor()));
    Map<String, String> outputs = new TreeMap<>();
    function.outputs().forEach((key, output) -> outputs.put(key, output.tensor()));
    return FunctionImport.read(
            Tf1Checkpoint.at(prefix),
            List.of(new FunctionRequest(function.signature(), inputs, outputs)),
            Map.of(),
            AllowedOps.STANDARD)
        .restore(Device.CPU);
  }

  private static Set<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return new TreeSet<>(walk.toList());
    }
  }

  private static void fail(String asked, byte[] found) {
    System.out.println(asked + "\n" + new String(found, StandardCharsets.UTF_8));
    System.exit(1);
  }
}
