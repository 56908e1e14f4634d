package vae.search;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import vae.metagraph.DataSources;
import vae.metagraph.MetaGraphException;
import vae.metagraph.NodeGraph;
import vae.tf1.TensorName;

/** Finds what a generator makes an image of: what it is fed, or what it draws. */
record GeneratorCode(NodeGraph graph) {
  private static final Pattern DRAWN =
      Pattern.compile("(Stateless)?(Random|Truncated).*(Normal|Uniform)(V2)?");

  private static final Pattern NAME =
      Pattern.compile("(input_?)?z.*|.*(noise|latent|code|random).*|(.*_)?z");

  private static final Set<String> OF_DROPOUT = Set.of("Floor", "GreaterEqual");
  private static final Set<String> OF_CONSTANTS = Set.of("Const", "Sub", "Identity");
  private static final Set<String> SCALING = Set.of("Mul", "Add", "AddV2", "Sub", "Identity");

  /** Whether a tensor's name says that it is a code. */
  static boolean isNamed(TensorName tensor) {
    String last = tensor.op().substring(tensor.op().lastIndexOf('/') + 1);
    return NAME.matcher(last.toLowerCase(Locale.ROOT)).matches();
  }

  /** Finds it among the ops that an image depends on, and the inputs that lead to it. */
  TensorName of(TensorName image, Set<String> above, List<TensorName> leading)
      throws MetaGraphException {
    List<TensorName> fed =
        leading.stream()
            .filter(source -> !DataSources.hasDefault(graph.type(source)))
            .filter(source -> couldBeCode(source, image))
            .toList();
    if (!fed.isEmpty()) {
      return fed.size() == 1 ? fed.get(0) : likeliestCode(fed, above);
    }
    List<String> drawn =
        above.stream()
            .filter(op -> DRAWN.matcher(graph.type(op)).matches() && !isOfDropout(op))
            .toList();
    for (String op : drawn) {
      TensorName code = scaled(new TensorName(op, 0));
      if (couldBeCode(code, image)) {
        return code;
      }
    }
    throw new MetaGraphException(
        ("expected images, or a code that is narrower than %s, among what it depends on, found the"
                + " inputs %s and the noise %s; --latent-tensor NAME names the tensor that the"
                + " decoder starts from, --image-tensor NAME the one where images come in")
            .formatted(image, leading, drawn));
  }

  /** Whether its rows are vectors, no longer than an image: one that is an image is no code. */
  private boolean couldBeCode(TensorName tensor, TensorName image) {
    long size = graph.rowSize(tensor);
    boolean isVector =
        graph.shape(tensor).orElse(List.of()).stream().skip(1).filter(dim -> dim != 1).count() <= 1;
    boolean isNarrow = graph.rowSize(image) == 0 || size <= graph.rowSize(image);
    return size > 0 && isVector && (isNarrow || isNamed(tensor));
  }

  private boolean isOfDropout(String noise) {
    TensorName at = scaled(new TensorName(noise, 0));
    return graph.readers(at).stream()
        .anyMatch(
            reader ->
                OF_DROPOUT.contains(graph.type(reader))
                    || graph.readers(reader).stream()
                        .anyMatch(next -> graph.type(next).equals("Floor")));
  }

  /** TF1 draws from a range by scaling and shifting what its op draws. */
  private TensorName scaled(TensorName drawn) {
    TensorName at = drawn;
    while (true) {
      List<String> readers = graph.readers(at);
      TensorName before = at;
      Optional<String> next =
          readers.stream()
              .filter(reader -> SCALING.contains(graph.type(reader)))
              .filter(
                  reader ->
                      graph.inputs(reader).stream()
                          .allMatch(input -> input.equals(before) || isOfConstants(input)))
              .findFirst();
      if (readers.size() != 1 || next.isEmpty()) {
        return at;
      }
      at = new TensorName(next.get(), 0);
    }
  }

  /** Labels are read by the discriminator too; else the name tells, else the size. */
  private TensorName likeliestCode(List<TensorName> fed, Set<String> above) {
    List<TensorName> named = fed.stream().filter(GeneratorCode::isNamed).toList();
    List<TensorName> own =
        fed.stream()
            .filter(
                source ->
                    graph.readers(source).stream()
                        .filter(reader -> !NodeGraph.isOfGradients(reader))
                        .allMatch(above::contains))
            .toList();
    List<TensorName> among = !named.isEmpty() ? named : !own.isEmpty() ? own : fed;
    return among.stream().max(Comparator.comparing(graph::rowSize)).orElseThrow();
  }

  /** The bounds of a range are constants, their difference is computed. */
  private boolean isOfConstants(TensorName tensor) {
    return graph.ancestors(List.of(tensor.op())).stream()
        .allMatch(op -> OF_CONSTANTS.contains(graph.type(op)));
  }
}
