package vae.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import vae.functions.ModelSignature.NamedTensor;
import vae.functions.VaeFunctions;
import vae.storage.LoadedModel;
import vae.tensor.ElementType;
import vae.tensor.Values;

/** The option that gives a model what it wants beside codes and images, such as labels. */
final class GivenInputs extends OptionGroup {
  private static final String ONE_HOT = "one-hot:";

  @Option(
      names = "--input",
      paramLabel = "NAME=VALUES",
      description =
          "A further input of a conditional model. Commas separate the numbers of a row,"
              + " semicolons the rows. one-hot:3 is a row with a 1 at index 3. If there are fewer"
              + " rows than images, they repeat. May be repeated.")
  private Map<String, String> texts = Map.of();

  /** What a model does as a VAE, with what was given. */
  VaeFunctions of(LoadedModel model) {
    return texts.isEmpty() ? model.vae() : model.vae().given(values(model));
  }

  /** What was given, by name; refused as {@link #of} does. */
  Map<String, Values> values(LoadedModel model) {
    SortedMap<String, NamedTensor> wanted = model.vae().others();
    Map<String, Values> values = new TreeMap<>();
    texts.forEach(
        (name, text) -> {
          NamedTensor input = wanted.get(name);
          if (input == null) {
            throw refused(
                name,
                text,
                wanted.isEmpty()
                    ? "expected none, since the model wants nothing beside z"
                    : "expected one of the inputs " + wanted);
          }
          values.put(name, values(input, name, text));
        });
    return values;
  }

  private Values values(NamedTensor input, String name, String text) {
    ElementType type = input.type().filter(ElementType::isNumber).orElse(ElementType.FLOAT);
    Optional<int[]> row = input.rowShape();
    int size = input.rowSize().orElse(1);
    List<Double> all = new ArrayList<>();
    String[] rows = text.split(";", -1);
    for (String each : rows) {
      double[] numbers = numbers(each.strip(), size);
      if (numbers.length != size) {
        throw refused(
            name,
            text,
            "expected %s, rows of %d numbers, found %d".formatted(input, size, numbers.length));
      }
      Arrays.stream(numbers).forEach(all::add);
    }
    double[] flat = all.stream().mapToDouble(Double::doubleValue).toArray();
    if (row.isEmpty()) { // A single number for all.
      return Values.wrap(ElementType.DOUBLE, Arrays.copyOf(flat, 1), new int[0]).as(type);
    }
    return Values.wrap(ElementType.DOUBLE, flat, rows.length, size).as(type).withRows(row.get());
  }

  /** None where the text is none. */
  private static double[] numbers(String row, int size) {
    try {
      if (row.startsWith(ONE_HOT)) {
        double[] hot = new double[size];
        hot[Integer.parseInt(row.substring(ONE_HOT.length()).strip())] = 1;
        return hot;
      }
      return Arrays.stream(row.split(",", -1))
          .mapToDouble(number -> Double.parseDouble(number.strip()))
          .toArray();
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return new double[0];
    }
  }

  private ParameterException refused(String name, String text, String why) {
    return refused("--input %s=%s: %s".formatted(name, text, why));
  }
}
