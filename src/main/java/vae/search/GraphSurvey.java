package vae.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VariableDef;
import vae.metagraph.AllowedOps;
import vae.metagraph.DataSources;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.metagraph.SoundGraph;
import vae.metagraph.VariableLists;
import vae.search.SurveyedVariable.Stored;
import vae.tf1.GraphCollections;
import vae.tf1.TensorName;

/**
 * What a stranger's graph seems to hold, as its file tells it: nothing is loaded into TensorFlow,
 * nothing is run.
 *
 * @param ops how many it has
 * @param writer TensorFlow's version that wrote it; empty if it doesn't tell
 * @param inputs where data comes in: placeholders, and what queues and iterators give out
 * @param codes what could be codes, z; some of them inputs
 * @param outputs where the models could end, the likeliest first
 * @param collections the members of each, by its key
 * @param variables the trainable ones first
 * @param others what the checkpoint has that no variable is restored from
 * @param unlisted types of ops that are not on the list of those allowed, and how many there are
 * @param advice how it could be brought over
 */
public record GraphSurvey(
    int ops,
    String writer,
    List<SurveyedTensor> inputs,
    List<SurveyedTensor> codes,
    List<SurveyedTensor> outputs,
    Map<String, List<String>> collections,
    List<SurveyedVariable> variables,
    List<String> others,
    Map<String, Integer> unlisted,
    ImportAdvice advice) {
  private static final int MOST_ENDS = 1000;

  /** Looks at a graph, and at what its checkpoint has, by name, if there is one. */
  public static GraphSurvey of(
      MetaGraphDef metaGraph, Optional<Map<String, SurveyedVariable.Entry>> checkpoint) {
    var graph = new NodeGraph(metaGraph.getGraphDef());
    List<SurveyedTensor> inputs =
        DataSources.of(graph).stream().map(source -> tensor(graph, source)).toList();
    Map<String, List<String>> collections = collections(metaGraph);
    List<SurveyedVariable> variables = SurveyedVariable.of(metaGraph, graph, checkpoint);
    Set<String> restored =
        variables.stream().map(SurveyedVariable::key).collect(Collectors.toSet());
    Set<String> absent =
        variables.stream()
            .filter(variable -> variable.stored() == Stored.ABSENT)
            .map(SurveyedVariable::name)
            .collect(Collectors.toSet());
    List<SurveyedTensor> outputs = List.of();
    ImportAdvice advice;
    try {
      SoundGraph.require(graph);
      outputs = outputs(graph, inputs, collections);
      advice = ImportAdvice.of(metaGraph, inputs, outputs, absent);
    } catch (MetaGraphException e) {
      advice = ImportAdvice.none(String.valueOf(e.getMessage()));
    }
    long pixels =
        Stream.concat(inputs.stream(), outputs.stream())
            .mapToLong(SurveyedTensor::pixels)
            .max()
            .orElse(0);
    List<SurveyedTensor> told =
        inputs.stream().map(input -> input.with(couldBe(input, pixels))).toList();
    List<SurveyedTensor> codes = new ArrayList<>();
    advice
        .model()
        .ifPresent(
            model -> codes.add(tensor(graph, model.code()).with(List.of("z of " + model.kind()))));
    told.stream().filter(input -> input.remarks().contains("could be codes")).forEach(codes::add);
    return new GraphSurvey(
        metaGraph.getGraphDef().getNodeCount(),
        metaGraph.getMetaInfoDef().getTensorflowVersion(),
        told,
        codes,
        outputs,
        collections,
        variables,
        checkpoint.stream()
            .flatMap(entries -> entries.keySet().stream())
            .filter(key -> !restored.contains(key))
            .sorted()
            .toList(),
        unlisted(metaGraph),
        advice);
  }

  private static List<String> couldBe(SurveyedTensor input, long pixels) {
    if (input.couldBeCodes(pixels)) {
      return List.of("could be codes");
    }
    return input.pixels() > 0 ? List.of("could be images") : List.of();
  }

  private static List<SurveyedTensor> outputs(
      NodeGraph graph, List<SurveyedTensor> inputs, Map<String, List<String>> collections) {
    Set<String> sources = new LinkedHashSet<>();
    inputs.forEach(input -> sources.add(input.name().op()));
    if (sources.isEmpty()) { // A generator may draw its codes itself.
      graph.nodes().stream()
          .filter(
              node -> LatentSearch.isGaussian(node.getOp()) || node.getOp().equals("RandomUniform"))
          .forEach(node -> sources.add(node.getName()));
    }
    Map<TensorName, List<String>> listed = new LinkedHashMap<>();
    collections.forEach(
        (key, members) ->
            members.forEach(
                member ->
                    listed
                        .computeIfAbsent(TensorName.parse(member), name -> new ArrayList<>())
                        .add("in '" + key + "'")));
    return GraphEnds.of(graph, sources, collections).stream()
        .limit(MOST_ENDS)
        .map(name -> tensor(graph, name))
        .map(
            output -> {
              List<String> remarks = new ArrayList<>(listed.getOrDefault(output.name(), List.of()));
              if (output.pixels() > 0) {
                remarks.add("could be images");
              }
              return output.with(remarks);
            })
        .toList();
  }

  private static SurveyedTensor tensor(NodeGraph graph, TensorName name) {
    return new SurveyedTensor(
        name,
        graph.dataType(name).map(SurveyedTensor::typeName).orElse("?"),
        graph.shape(name),
        graph.type(name),
        List.of());
  }

  private static Map<String, List<String>> collections(MetaGraphDef metaGraph) {
    Map<String, List<String>> collections = new TreeMap<>();
    for (String key : GraphCollections.keys(metaGraph)) {
      CollectionDef collection = metaGraph.getCollectionDefOrThrow(key);
      List<String> members = new ArrayList<>(collection.getNodeList().getValueList());
      if (key.endsWith("variables") && collection.hasBytesList()) {
        try {
          for (VariableDef variable : VariableLists.of(metaGraph, key)) {
            members.add(variable.getVariableName());
          }
        } catch (MetaGraphException e) {
          members.add("damaged");
        }
      } else {
        collection.getBytesList().getValueList().forEach(bytes -> members.add(""));
        collection.getAnyList().getValueList().forEach(any -> members.add(""));
        collection.getInt64List().getValueList().forEach(i -> members.add(String.valueOf(i)));
        collection.getFloatList().getValueList().forEach(f -> members.add(String.valueOf(f)));
      }
      collections.put(key, List.copyOf(members));
    }
    return collections;
  }

  private static Map<String, Integer> unlisted(MetaGraphDef metaGraph) {
    Map<String, Integer> unlisted = new TreeMap<>();
    for (NodeDef node : metaGraph.getGraphDef().getNodeList()) {
      if (!AllowedOps.STANDARD.allows(node.getOp())) {
        unlisted.merge(node.getOp(), 1, Integer::sum);
      }
    }
    return unlisted;
  }

  /** Why the checkpoint would not do for what is advised; nothing if it would, or there is none. */
  public Optional<String> lacking() {
    List<String> lacking =
        variables.stream()
            .filter(each -> advice.variables().contains(each.name()))
            .filter(each -> each.stored() == Stored.ABSENT || each.stored() == Stored.OTHER)
            .map(SurveyedVariable::name)
            .toList();
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the checkpoint lacks %d of the variables that are needed, such as %s"
                .formatted(lacking.size(), lacking.get(0)));
  }

  /** Whether all variables are the checkpoint's. */
  public long stored() {
    return variables.stream().filter(each -> each.stored() == Stored.SAME).count();
  }
}
