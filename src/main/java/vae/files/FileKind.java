package vae.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What people have under the name of what they need: a web page where a download should be, a
 * pointer of Git LFS, a picture of another format. It is known by how it begins.
 *
 * @param text what it is, with its article
 * @param advice what may be done about it; empty if that goes without saying
 */
public record FileKind(String text, String advice) {
  /** So many bytes are looked at. */
  public static final int HEAD = 512;

  /** A graph alone, as frozen ones are. */
  public static final FileKind GRAPH =
      new FileKind("a graph", "import-meta brings it over if it is frozen");

  private static final FileKind CHECKPOINT =
      new FileKind(
          "a part of a TensorFlow checkpoint", "import-meta takes it if its .meta lies beside it");

  /** How the tables of checkpoints end. */
  private static final String TABLE = "W\u00fb\u0080\u008b$uG\u00db";

  private static final Pattern SHARD = Pattern.compile("(?s).*\\.data-[0-9]{5}-of-[0-9]{5}");
  private static final String DOWNLOAD = "the address gave this instead of the file";
  private static final String CONVERT = "convert it to PNG or JPEG first, such as by ImageMagick";
  private static final String UNPACK = "unpack it first";
  private static final String KERAS =
      "in Python, tf.saved_model.save(tf.keras.models.load_model(FILE), FOLDER) makes a SavedModel";

  /** The header of a ZIP archive's first file, up to the file's name. */
  private static final String ZIP = "PK\\x03\\x04.{26}";

  /** A message within a protocol buffer: its length in up to five bytes. */
  private static final String MESSAGE = "[\\x80-\\xff]{0,4}[\\x00-\\x7f]";

  /** How a kind begins, in ISO 8859-1. */
  private record Begin(Pattern bytes, FileKind kind) {
    Begin(String bytes, String text, String advice) {
      this(bytes, new FileKind(text, advice));
    }

    Begin(String bytes, FileKind kind) {
      this(Pattern.compile(bytes, Pattern.DOTALL), kind);
    }
  }

  private static final List<Begin> BEGINS =
      List.of(
          new Begin("\\x89PNG\r\n", "a PNG image", ""),
          new Begin("\\xff\\xd8\\xff", "a JPEG image", ""),
          new Begin("GIF8", "a GIF image", CONVERT),
          new Begin("BM", "a BMP image", CONVERT),
          new Begin(".{8}WEBP", "a WebP image", CONVERT),
          new Begin("II\\*\\x00|MM\\x00\\*", "a TIFF image", CONVERT),
          new Begin(".{4}(ftypheic|ftypmif1)", "a HEIC image", CONVERT),
          new Begin(".{4}ftypavif", "an AVIF image", CONVERT),
          new Begin("\\x00\\x00\\x08\\x01", "an IDX file of labels", ""),
          new Begin("\\x00\\x00\\x08\\x03", "an IDX file of images", ""),
          new Begin("%PDF", "a PDF document", ""),
          new Begin("\\x89HDF\r\n", "an HDF5 file, as Keras writes .h5", KERAS),
          new Begin(
              ".{4}TFL3", "a TensorFlow Lite model", "save what it was made of as a SavedModel"),
          new Begin("\\x93NUMPY", "a NumPy array", ""),
          new Begin("PAR1", "a Parquet file", ""),
          new Begin(
              "model_checkpoint_path:",
              "the file that names a TF1 checkpoint",
              "import-meta takes its folder"),
          new Begin(
              "saved_model_schema_version",
              "a SavedModel in text form",
              "tf.saved_model.save writes the form that is read"),
          new Begin(
              "node \\{",
              "a graph in text form",
              "in Python, tf.io.write_graph(…, as_text=False) writes the form that is read"),
          new Begin("\\xff\\xfe|\\xfe\\xff", "text in UTF-16", "save it as UTF-8"),
          new Begin("\\x1f\\x8b", "a gzip'ed file", ""),
          new Begin("BZh", "a bzip2'ed file", UNPACK),
          new Begin("\\xfd7zXZ", "an xz'ed file", UNPACK),
          new Begin("7z\\xbc\\xaf", "a 7z archive", UNPACK),
          new Begin(".{257}ustar", "a tar archive", UNPACK),
          new Begin(ZIP + "(metadata|config)\\.json", "a Keras model (.keras)", KERAS),
          new Begin(
              ZIP + "([ -~]*data\\.pkl|archive/)",
              "a PyTorch file",
              "in Python, torch.onnx.export and onnx2tf make a SavedModel of its model"),
          new Begin(ZIP + "[ -~]*\\.npy", "a NumPy archive (.npz)", ""),
          new Begin(ZIP, "a ZIP archive", UNPACK),
          // Protocol buffers have no mark of their own, but the numbers of their first fields:
          // saved_model_schema_version: 1, then meta_graphs.
          new Begin(
              "\\x08\\x01\\x12",
              "a SavedModel's graph, saved_model.pb",
              "--saved-model takes its folder"),
          // ir_version, then the producer's name, the graph or the operator sets.
          new Begin(
              "\\x08[\\x03-\\x14][\\x12\\x3a\\x42]",
              "an ONNX model",
              "in Python, onnx2tf makes a SavedModel of it"),
          // node {name: … op: …}.
          new Begin(
              "\\x0a" + MESSAGE + "\\x0a.[A-Za-z0-9_./\\\\-]+\\x12.[A-Z_][A-Za-z0-9_]+", GRAPH),
          // meta_info_def {…}, of which the list of ops comes first.
          new Begin(
              "\\x0a" + MESSAGE + "\\x12",
              "a TF1 meta graph",
              "import-meta brings it over with its checkpoint"));

  /**
   * Of what a file begins with.
   *
   * @param head its first bytes, all of them if it has less than {@link #HEAD}
   * @return nothing if it is none of those that are known
   */
  public static Optional<FileKind> of(byte[] head) {
    if (head.length == 0) {
      return Optional.of(new FileKind("an empty file", "a download may have failed"));
    }
    String text = new String(head, ISO_8859_1);
    return BEGINS.stream()
        .filter(begin -> begin.bytes.matcher(text).lookingAt())
        .map(Begin::kind)
        .findFirst()
        .or(() -> ofDownload(head))
        .or(() -> ofJson(text));
  }

  /** The same of a file; the parts of a checkpoint are known by their names or by their ends. */
  public static Optional<FileKind> of(Path file) throws IOException {
    if (SHARD.matcher(file.toString()).matches()) {
      return Optional.of(CHECKPOINT);
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      InputStream in = Channels.newInputStream(channel);
      Optional<FileKind> kind = of(in.readNBytes(HEAD));
      if (kind.isPresent() || channel.size() < TABLE.length()) {
        return kind;
      }
      channel.position(channel.size() - TABLE.length());
      boolean isTable = new String(in.readAllBytes(), ISO_8859_1).equals(TABLE);
      return isTable ? Optional.of(CHECKPOINT) : Optional.empty();
    }
  }

  /**
   * Of a text: whether it came in the place of a file.
   *
   * @param head its first bytes, up to {@link #HEAD}
   */
  public static Optional<FileKind> ofDownload(byte[] head) {
    String text =
        new String(head, ISO_8859_1)
            .replaceFirst("^\u00ef\u00bb\u00bf", "")
            .strip()
            .toLowerCase(Locale.ROOT);
    if (text.startsWith("<!doctype html") || text.startsWith("<html") || text.startsWith("<head")) {
      return Optional.of(new FileKind("a web page", DOWNLOAD));
    }
    if (text.startsWith("<?xml")) {
      return Optional.of(new FileKind("an XML document", DOWNLOAD));
    }
    return text.startsWith("version https://git-lfs")
        ? Optional.of(new FileKind("a pointer of Git LFS", "git lfs pull fetches the file"))
        : Optional.empty();
  }

  private static Optional<FileKind> ofJson(String head) {
    String text = head.strip();
    boolean isText = text.chars().noneMatch(each -> each < ' ' && !Character.isWhitespace(each));
    return isText && (text.startsWith("{") || text.startsWith("["))
        ? Optional.of(new FileKind("JSON", DOWNLOAD))
        : Optional.empty();
  }

  /** For a message, {@code a web page: the address gave this instead of the file}. */
  @Override
  public String toString() {
    return advice.isEmpty() ? text : text + ": " + advice;
  }
}
