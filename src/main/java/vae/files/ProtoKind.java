package vae.files;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which of the protocol buffers of models a file is. They have no mark of their own: they are known
 * by the numbers of their first fields.
 */
final class ProtoKind {
  /** A message, its length in up to five bytes. */
  private static final String MESSAGE = "[\\x80-\\xff]{0,4}[\\x00-\\x7f]";

  /** {@code saved_model_schema_version: 1}, then {@code meta_graphs}. */
  private static final Pattern SAVED_MODEL = Pattern.compile("(?s)\\x08\\x01\\x12.*");

  /** {@code ir_version}, then the producer's name, the graph or the operator sets. */
  private static final Pattern ONNX = Pattern.compile("(?s)\\x08[\\x03-\\x14][\\x12\\x3a\\x42].*");

  /** {@code node {name: … op: …}}. */
  private static final Pattern GRAPH =
      Pattern.compile(
          "(?s)\\x0a" + MESSAGE + "\\x0a.[A-Za-z0-9_./\\\\-]+\\x12.[A-Z_][A-Za-z0-9_]+.*");

  /** {@code meta_info_def {…}}, of which the list of ops comes first. */
  private static final Pattern META_GRAPH = Pattern.compile("(?s)\\x0a" + MESSAGE + "\\x12.*");

  private ProtoKind() {}

  static Optional<FileKind> of(String head) {
    if (SAVED_MODEL.matcher(head).matches()) {
      return kind("a SavedModel's graph, saved_model.pb", "--saved-model takes its folder");
    }
    if (ONNX.matcher(head).matches()) {
      return kind("an ONNX model", "in Python, onnx2tf makes a SavedModel of it");
    }
    if (GRAPH.matcher(head).matches()) {
      return Optional.of(FileKind.GRAPH);
    }
    return META_GRAPH.matcher(head).matches()
        ? kind("a TF1 meta graph", "import-meta brings it over with its checkpoint")
        : Optional.empty();
  }

  private static Optional<FileKind> kind(String text, String advice) {
    return Optional.of(new FileKind(text, advice));
  }
}
