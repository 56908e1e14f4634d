package vae.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
record SurveyReport(Tf1Survey survey, Optional<Path> meta) {
  private static final int MOST_LINES = 20;
  private static final int MOST_MEMBERS = 3;
  private static final int WIDEST = 48;

  /** Aligned in columns; lists are cut. */
  String text() {
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
  String json() throws IOException {
    GraphSurvey found = survey.found();
    var text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("graph", survey.file().toString());
      json.writeNumberField("ops", found.ops());
      json.writeStringField("tensorflow", found.writer());
      json.writeBooleanField("frozen", survey.isFrozen());
      json.writeBooleanField("checkpoint", !survey.isFrozen() && survey.missing().isEmpty());
      write(json, "inputs", found.inputs());
      write(json, "codes", found.codes());
      write(json, "outputs", found.outputs());
      json.writeObjectFieldStart("collections");
      for (Map.Entry<String, List<String>> collection : found.collections().entrySet()) {
        write(json, collection.getKey(), collection.getValue(), JsonGenerator::writeString);
      }
      json.writeEndObject();
      write(json, "variables", found.variables(), SurveyReport::write);
      write(json, "other_keys", found.others(), JsonGenerator::writeString);
      write(json, "refused", refusals(), JsonGenerator::writeString);
      json.writeObjectFieldStart("unlisted_ops");
      for (Map.Entry<String, Integer> type : found.unlisted().entrySet()) {
        json.writeNumberField(type.getKey(), type.getValue());
      }
      json.writeEndObject();
      json.writeStringField("next", command().orElse(null));
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private interface Writer<T> {
    void write(JsonGenerator json, T value) throws IOException;
  }

  private static <T> void write(JsonGenerator json, String field, List<T> values, Writer<T> writer)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (T value : values) {
      writer.write(json, value);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, String field, List<SurveyedTensor> tensors)
      throws IOException {
    write(
        json,
        field,
        tensors,
        (out, tensor) -> {
          out.writeStartObject();
          out.writeStringField("tensor", tensor.name().toString());
          writeForm(out, tensor.type(), tensor.shape());
          out.writeStringField("op", tensor.op());
          write(out, "remarks", tensor.remarks(), JsonGenerator::writeString);
          out.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, SurveyedVariable variable) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", variable.name());
    writeForm(json, variable.type(), variable.shape());
    json.writeBooleanField("trainable", variable.trainable());
    json.writeStringField("key", variable.key());
    json.writeStringField(
        "checkpoint",
        switch (variable.stored()) {
          case SAME -> "same";
          case OTHER -> "other: " + variable.found();
          case ABSENT -> "none";
          case UNKNOWN -> "unknown";
        });
    json.writeEndObject();
  }

  private static void writeForm(JsonGenerator json, String type, Optional<List<Long>> shape)
      throws IOException {
    json.writeStringField("dtype", type);
    if (shape.isEmpty()) {
      json.writeNullField("shape");
    } else {
      write(json, "shape", shape.get(), JsonGenerator::writeNumber);
    }
  }
}
