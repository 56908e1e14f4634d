package vae.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

  private static final String CONVERT = "convert it to PNG or JPEG first, such as by ImageMagick";
  private static final String UNPACK = "unpack it first";
  private static final String DOWNLOAD = "the address gave this instead of the file";
  private static final String KERAS =
      "in Python, tf.saved_model.save(tf.keras.models.load_model(FILE), FOLDER) makes a SavedModel";

  /** How the tables of checkpoints end. */
  private static final String TABLE = "W\u00fb\u0080\u008b$uG\u00db";

  private static final Pattern SHARD = Pattern.compile("(?s).*\\.data-[0-9]{5}-of-[0-9]{5}");

  /** How a kind begins, each byte a letter of ISO 8859-1. */
  private record Begin(Pattern pattern, FileKind kind) {
    Begin(String pattern, FileKind kind) {
      this(Pattern.compile(pattern, Pattern.DOTALL), kind);
    }

    Begin(String pattern, String text, String advice) {
      this(pattern, new FileKind(text, advice));
    }
  }

  /** In either case, after a mark of UTF-8 and spaces. */
  private static final String TEXT = "(?i)(\u00ef\u00bb\u00bf)?\\s*";

  /** A ZIP archive, up to the name of its first file. */
  private static final String ZIP = "PK\\x03\\x04.{26}";

  /** A message in a protocol buffer, its length in up to five bytes. */
  private static final String MESSAGE = "\\x0a[\\x80-\\xff]{0,4}[\\x00-\\x7f]";

  private static final List<Begin> DOWNLOADS =
      List.of(
          new Begin(TEXT + "<(!doctype html|html|head)", "a web page", DOWNLOAD),
          new Begin(TEXT + "<\\?xml", "an XML document", DOWNLOAD),
          new Begin(
              TEXT + "version https://git-lfs",
              "a pointer of Git LFS",
              "git lfs pull fetches the file"));

  /**
   * The first that fits counts. Protocol buffers are known by the numbers of their first fields.
   */
  private static final List<Begin> OTHERS =
      List.of(
          new Begin("\u0089PNG\r\n", "a PNG image", ""),
          new Begin("\u00ff\u00d8\u00ff", "a JPEG image", ""),
          new Begin("GIF8", "a GIF image", CONVERT),
          new Begin("BM", "a BMP image", CONVERT),
          new Begin(".{8}WEBP", "a WebP image", CONVERT),
          new Begin("II\\*\0|MM\0\\*", "a TIFF image", CONVERT),
          new Begin(".{4}ftyp(heic|mif1)", "a HEIC image", CONVERT),
          new Begin(".{4}ftypavif", "an AVIF image", CONVERT),
          new Begin("\0\0\b\u0001", "an IDX file of labels", ""),
          new Begin("\0\0\b\u0003", "an IDX file of images", ""),
          new Begin("%PDF", "a PDF document", ""),
          new Begin("\u0089HDF\r\n", "an HDF5 file, as Keras writes .h5", KERAS),
          new Begin(
              ".{4}TFL3", "a TensorFlow Lite model", "save what it was made of as a SavedModel"),
          new Begin("\u0093NUMPY", "a NumPy array", ""),
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
          new Begin("\u00ff\u00fe|\u00fe\u00ff", "text in UTF-16", "save it as UTF-8"),
          new Begin("\u001f\u008b", "a gzip'ed file", ""),
          new Begin("BZh", "a bzip2'ed file", UNPACK),
          new Begin("\u00fd7zXZ", "an xz'ed file", UNPACK),
          new Begin("7z\u00bc\u00af", "a 7z archive", UNPACK),
          new Begin(".{257}ustar", "a tar archive", UNPACK),
          new Begin(ZIP + "(metadata|config)\\.json", "a Keras model (.keras)", KERAS),
          new Begin(
              ZIP + "(archive/|[ -~]*data\\.pkl)",
              "a PyTorch file",
              "in Python, torch.onnx.export and onnx2tf make a SavedModel of its model"),
          new Begin(ZIP + "[ -~]*\\.npy", "a NumPy archive (.npz)", ""),
          new Begin(ZIP, "a ZIP archive", UNPACK),
          new Begin(
              "\\x08\\x01\\x12", // saved_model_schema_version: 1, then meta_graphs.
              "a SavedModel's graph, saved_model.pb",
              "--saved-model takes its folder"),
          new Begin( // ir_version, then the producer's name, the graph or the operator sets.
              "\\x08[\\x03-\\x14][\\x12\\x3a\\x42]",
              "an ONNX model",
              "in Python, onnx2tf makes a SavedModel of it"),
          new Begin( // node {name: … op: …}
              MESSAGE + "\\x0a.[A-Za-z0-9_./\\\\-]+\\x12.[A-Z_][A-Za-z0-9_]+", GRAPH),
          new Begin( // meta_info_def {…}, of which the list of ops comes first.
              MESSAGE + "\\x12",
              "a TF1 meta graph",
              "import-meta brings it over with its checkpoint"));

  private static final Begin JSON = new Begin("\\s*[{\\[][\\s\\x20-\\xff]*\\z", "JSON", DOWNLOAD);

  /**
   * Of what a file begins with.
   *
   * @param head its first bytes, all of them if it has less than {@link #HEAD}
   * @return nothing if it is none of those that are known
   */
  public static Optional<FileKind> of(byte[] head) {
    return head.length == 0
        ? Optional.of(new FileKind("an empty file", "a download may have failed"))
        : first(OTHERS, head).or(() -> ofDownload(head)).or(() -> first(List.of(JSON), head));
  }

  private static Optional<FileKind> first(List<Begin> begins, byte[] head) {
    String text = new String(head, ISO_8859_1);
    return begins.stream()
        .filter(begin -> begin.pattern.matcher(text).lookingAt())
        .map(Begin::kind)
        .findFirst();
  }

  /** The same of a file; the parts of a checkpoint are known by their names or by their ends. */
  public static Optional<FileKind> of(Path file) throws IOException {
    if (SHARD.matcher(file.toString()).matches()) {
      return Optional.of(CHECKPOINT);
    }
    try (SeekableByteChannel in = Files.newByteChannel(file)) {
      Optional<FileKind> kind = of(bytes(in, HEAD));
      if (kind.isPresent() || in.size() < TABLE.length()) {
        return kind;
      }
      in.position(in.size() - TABLE.length());
      boolean isTable = new String(bytes(in, TABLE.length()), ISO_8859_1).equals(TABLE);
      return isTable ? Optional.of(CHECKPOINT) : Optional.empty();
    }
  }

  private static byte[] bytes(SeekableByteChannel in, int most) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(most);
    while (bytes.hasRemaining() && in.read(bytes) >= 0) {
      // Until there are no more.
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Of the beginning of a text: whether it came in the place of a file. */
  public static Optional<FileKind> ofDownload(byte[] head) {
    return first(DOWNLOADS, head);
  }

  /** For a message, {@code a web page: the address gave this instead of the file}. */
  @Override
  public String toString() {
    return advice.isEmpty() ? text : text + ": " + advice;
  }
}
