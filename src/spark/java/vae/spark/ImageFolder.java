package vae.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import vae.files.FileSums;
import vae.mnist.DataException;

/**
 * Folders of PNG and JPEG files, with all that is in them, but for names that begin with a dot or
 * an underscore, which Spark passes over. An image's id follows from its path within the folder
 * given, by SHA-256; of several folders the path begins with the folder's name. Its label is the
 * name of the folder that it lies in, if that is a digit.
 */
public final class ImageFolder {
  private static final Pattern LABELLED = Pattern.compile("(?:.*/)?([0-9])/[^/]*");

  private ImageFolder() {}

  /**
   * Reads them; each file whole, and only when its turn comes.
   *
   * @throws DataException if one is no folder, or two have one name
   * @throws IOException if a file system can't be reached
   */
  public static ImageTable read(SparkSession spark, List<String> folders) throws IOException {
    var settings = spark.sparkContext().hadoopConfiguration();
    Map<String, String> names = new LinkedHashMap<>();
    for (String folder : folders) {
      var path = new Path(folder);
      FileSystem files = path.getFileSystem(settings);
      if (!files.exists(path) || !files.getFileStatus(path).isDirectory()) {
        throw new DataException(java.nio.file.Path.of(folder), "expected a folder, found none");
      }
      Path whole = files.makeQualified(path);
      // Of several folders each image's path begins with its folder's name.
      String name = folders.size() == 1 ? "" : whole.getName() + "/";
      if (names.containsValue(name)) {
        throw new DataException(
            java.nio.file.Path.of(folder), "expected folders of different names, found one twice");
      }
      names.put(whole.toUri().getPath() + "/", name);
    }
    MapFunction<Row, Row> keyed = file -> keyed(names, file);
    return new ImageTable(
        spark
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", "true")
            .option("pathGlobFilter", "*.{[pP][nN][gG],[jJ][pP][gG],[jJ][pP][eE][gG]}")
            .option("ignoreCorruptFiles", false)
            .option("ignoreMissingFiles", false)
            .load(folders.toArray(String[]::new))
            .select("path", "content")
            .map(keyed, Encoders.row(ImageTable.withBytes())),
        Pixels.FILE);
  }

  private static Row keyed(Map<String, String> names, Row file) {
    String whole = new Path(file.getString(0)).toUri().getPath();
    String path =
        names.entrySet().stream()
            .filter(folder -> whole.startsWith(folder.getKey()))
            .findFirst()
            .map(folder -> folder.getValue() + whole.substring(folder.getKey().length()))
            .orElse(whole);
    Matcher labelled = LABELLED.matcher(whole);
    Integer label = labelled.matches() ? Integer.valueOf(labelled.group(1)) : null;
    return RowFactory.create(id(path), path, label, file.get(1));
  }

  /** The first 64 bits of the path's SHA-256. */
  static long id(String path) {
    String sum = FileSums.sha256(path.getBytes(StandardCharsets.UTF_8), 0);
    return Long.parseUnsignedLong(sum.substring(0, 16), 16);
  }
}
