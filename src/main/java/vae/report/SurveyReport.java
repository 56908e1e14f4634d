package vae.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import vae.imports.Tf1Survey;
import vae.search.GraphSurvey;
import vae.search.ImportAdvice;
import vae.search.SurveyedTensor;
import vae.search.SurveyedVariable;

/**
 * A look at a TF1 model, for people and for programs.
 *
 * @param survey what was seen
 * @param meta the meta graph's file, if it was named
 */
public record SurveyReport(Tf1Survey survey, Optional<Path> meta) {
  private static final int MOST_LINES = 20;
  private static final int MOST_MEMBERS = 3;
  private static final int WIDEST = 48;

  /** Aligned in columns; lists are cut. */
  public String text() {
    GraphSurvey found = survey.found();
    var out = new StringBuilder();
    String writer = found.writer().isEmpty() ? "" : ", written by TensorFlow " + found.writer();
    line(out, "%s: %,d ops%s".formatted(survey.file(), found.ops(), writer));
    section(out, "inputs", found.inputs(), SurveyReport::row);
    section(out, "codes", found.codes(), SurveyReport::row);
    section(out, "outputs", found.outputs(), SurveyReport::row);
    section(out, "collections", List.copyOf(found.collections().entrySet()), this::collection);
    section(out, variablesTitle(), found.variables(), this::row);
    if (!found.others().isEmpty()) {
      line(out, "  the checkpoint has others too: " + few(found.others()));
    }
    out.append(System.lineSeparator());
    line(out, "would be refused");
    List<String> refusals = refusals();
    refusals.forEach(refusal -> line(out, "  " + refusal));
    if (refusals.isEmpty()) {
      line(out, "  nothing that was seen");
    }
    if (!found.unlisted().isEmpty()) {
      line(out, "  if it were needed: " + unlisted(found.unlisted()));
    }
    out.append(System.lineSeparator());
    line(out, "next");
    // Whole: a command that is cut is another command.
    out.append("  ").append(command().orElse("nothing to advise")).append(System.lineSeparator());
    return out.toString();
  }

  private String variablesTitle() {
    GraphSurvey found = survey.found();
    String title = "%,d variables".formatted(found.variables().size());
    if (survey.isFrozen()) {
      return title + " (a frozen graph has constants)";
    }
    return survey.missing().isPresent()
        ? title + ", no checkpoint"
        : title + ", of which the checkpoint has %,d".formatted(found.stored());
  }

  /** What stands in the way of the command that is advised. */
  private List<String> refusals() {
    List<String> refusals = new ArrayList<>();
    survey.found().advice().refused().map(PlainText::line).ifPresent(refusals::add);
    survey.missing().ifPresent(refusals::add);
    survey.found().lacking().ifPresent(refusals::add);
    return refusals;
  }

  /** What to paste into a shell; nothing where a name can't be typed. */
  private Optional<String> command() {
    ImportAdvice advice = survey.found().advice();
    if (advice.options().isEmpty()) {
      return Optional.empty();
    }
    Path source = survey.isFrozen() ? survey.file() : survey.source().prefix();
    return ImportLine.of(source, meta, advice.options().get());
  }

  private static List<String> row(SurveyedTensor tensor) {
    return List.of(
        tensor.name().toString(),
        tensor.type(),
        shape(tensor.shape()),
        tensor.op(),
        String.join("; ", tensor.remarks()));
  }

  private List<String> row(SurveyedVariable variable) {
    List<String> remarks = new ArrayList<>();
    switch (variable.stored()) {
      case SAME, UNKNOWN -> {}
      case ABSENT -> remarks.add("not in the checkpoint");
      case OTHER -> remarks.add("in the checkpoint " + variable.found());
    }
    if (!variable.key().equals(variable.name())) {
      remarks.add("called " + variable.key());
    }
    return List.of(
        variable.name(),
        variable.type(),
        shape(variable.shape()),
        variable.trainable() ? "trainable" : "",
        String.join("; ", remarks));
  }

  private List<String> collection(Map.Entry<String, List<String>> collection) {
    List<String> members = collection.getValue();
    List<String> named = members.stream().filter(member -> !member.isEmpty()).toList();
    return List.of(collection.getKey(), String.valueOf(members.size()), few(named));
  }

  private static String few(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(MOST_MEMBERS, names.size())));
    return names.size() > MOST_MEMBERS ? shown + ", …" : shown;
  }

  private static String unlisted(Map<String, Integer> types) {
    int ops = types.values().stream().mapToInt(Integer::intValue).sum();
    return "%,d ops of %d types, such as %s"
        .formatted(ops, types.size(), few(List.copyOf(types.keySet())));
  }

  private static String shape(Optional<List<Long>> shape) {
    return shape
        .map(
            dims ->
                String.join(
                    ", ",
                    dims.stream().map(size -> size < 0 ? "?" : String.valueOf(size)).toList()))
        .map(dims -> "[" + dims + "]")
        .orElse("of any shape");
  }

  private static <T> void section(
      StringBuilder out, String title, List<T> all, Function<T, List<String>> columns) {
    out.append(System.lineSeparator());
    line(out, title);
    List<List<String>> rows =
        all.stream()
            .limit(MOST_LINES)
            .map(each -> columns.apply(each).stream().map(PlainText::shortLine).toList())
            .toList();
    if (rows.isEmpty()) {
      line(out, "  none found");
      return;
    }
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      Arrays.setAll(widths, i -> Math.max(widths[i], Math.min(row.get(i).length(), WIDEST)));
    }
    for (List<String> row : rows) {
      var text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append("  ").append(row.get(i));
        text.append(" ".repeat(Math.max(0, widths[i] - row.get(i).length())));
      }
      out.append(text.toString().stripTrailing()).append(System.lineSeparator());
    }
    if (all.size() > MOST_LINES) {
      line(out, "  and %,d more".formatted(all.size() - MOST_LINES));
    }
  }

  private static void line(StringBuilder out, String text) {
    String indent = text.startsWith("  ") ? "  " : "";
    out.append(indent).append(PlainText.line(text)).append(System.lineSeparator());
  }

  /** The same, with every list whole. */
  public String json() throws IOException {
    GraphSurvey found = survey.found();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("graph", survey.file().toString());
    json.put("ops", found.ops());
    json.put("tensorflow", found.writer());
    json.put("frozen", survey.isFrozen());
    json.put("checkpoint", !survey.isFrozen() && survey.missing().isEmpty());
    json.put("inputs", found.inputs().stream().map(SurveyReport::json).toList());
    json.put("codes", found.codes().stream().map(SurveyReport::json).toList());
    json.put("outputs", found.outputs().stream().map(SurveyReport::json).toList());
    json.put("collections", found.collections());
    json.put("variables", found.variables().stream().map(SurveyReport::json).toList());
    json.put("other_keys", found.others());
    json.put("refused", refusals());
    json.put("unlisted_ops", found.unlisted());
    json.put("next", command().orElse(null));
    return Json.pretty(json);
  }

  private static Map<String, Object> json(SurveyedTensor tensor) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tensor", tensor.name().toString());
    json.put("dtype", tensor.type());
    json.put("shape", tensor.shape().orElse(null));
    json.put("op", tensor.op());
    json.put("remarks", tensor.remarks());
    return json;
  }

  private static Map<String, Object> json(SurveyedVariable variable) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", variable.name());
    json.put("dtype", variable.type());
    json.put("shape", variable.shape().orElse(null));
    json.put("trainable", variable.trainable());
    json.put("key", variable.key());
    json.put(
        "checkpoint",
        switch (variable.stored()) {
          case SAME -> "same";
          case OTHER -> "other: " + variable.found();
          case ABSENT -> "none";
          case UNKNOWN -> "unknown";
        });
    return json;
  }
}
