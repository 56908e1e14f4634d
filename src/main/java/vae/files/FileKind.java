package vae.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  private static final String CONVERT = "convert it to PNG or JPEG first, such as by ImageMagick";
  static final String KERAS =
      "in Python, tf.saved_model.save(tf.keras.models.load_model(FILE), FOLDER) makes a SavedModel";

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

  /** How a kind begins: at a place, with these bytes, written in ISO 8859-1. */
  private record Begin(int at, String bytes, FileKind kind) {
    Begin(String bytes, String text, String advice) {
      this(0, bytes, new FileKind(text, advice));
    }

    boolean fits(String head) {
      return head.startsWith(bytes, at);
    }
  }

  private static Stream<Begin> begins() {
    return Stream.of(
        new Begin("\u0089PNG\r\n", "a PNG image", ""),
        new Begin("\u00ff\u00d8\u00ff", "a JPEG image", ""),
        new Begin("GIF8", "a GIF image", CONVERT),
        new Begin("BM", "a BMP image", CONVERT),
        new Begin(8, "WEBP", new FileKind("a WebP image", CONVERT)),
        new Begin("II*\0", "a TIFF image", CONVERT),
        new Begin("MM\0*", "a TIFF image", CONVERT),
        new Begin(4, "ftypheic", new FileKind("a HEIC image", CONVERT)),
        new Begin(4, "ftypmif1", new FileKind("a HEIC image", CONVERT)),
        new Begin(4, "ftypavif", new FileKind("an AVIF image", CONVERT)),
        new Begin("\0\0\b\u0001", "an IDX file of labels", ""),
        new Begin("\0\0\b\u0003", "an IDX file of images", ""),
        new Begin("%PDF", "a PDF document", ""),
        new Begin("\u0089HDF\r\n", "an HDF5 file, as Keras writes .h5", KERAS),
        new Begin(
            4,
            "TFL3",
            new FileKind("a TensorFlow Lite model", "save what it was made of as a SavedModel")),
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
            "node {",
            "a graph in text form",
            "in Python, tf.io.write_graph(…, as_text=False) writes the form that is read"),
        new Begin("\u00ff\u00fe", "text in UTF-16", "save it as UTF-8"),
        new Begin("\u00fe\u00ff", "text in UTF-16", "save it as UTF-8"),
        new Begin("\u001f\u008b", "a gzip'ed file", ""),
        new Begin("BZh", "a bzip2'ed file", "unpack it first"),
        new Begin("\u00fd7zXZ", "an xz'ed file", "unpack it first"),
        new Begin("7z\u00bc\u00af", "a 7z archive", "unpack it first"),
        new Begin(257, "ustar", new FileKind("a tar archive", "unpack it first")));
  }

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
    return Stream.<Supplier<Optional<FileKind>>>of(
            () -> begins().filter(begin -> begin.fits(text)).map(Begin::kind).findFirst(),
            () -> ZipKind.of(text),
            () -> ProtoKind.of(text),
            () -> ofDownload(head),
            () -> ofJson(text))
        .map(Supplier::get)
        .flatMap(Optional::stream)
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
