package vae.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Folders of PNG and JPEG files, with all that is in them. An image's id follows from its path
 * within the folder given, by SHA-256 (two folders with files of one name have ids twice); its
 * label is the name of the folder that it lies in, if that is a digit.
 */
public final class ImageFolder {
  private static final Pattern LABELLED = Pattern.compile("(?:.*/)?([0-9])/[^/]*");

  private ImageFolder() {}

  /**
   * Reads them; each file whole, and only when its turn comes.
   *
   * @throws IOException if a file system can't be reached
   */
  public static ImageTable read(SparkSession spark, List<String> folders) throws IOException {
    var settings = spark.sparkContext().hadoopConfiguration();
    List<String> bases = new ArrayList<>();
    for (String folder : folders) {
      var path = new Path(folder);
      bases.add(path.getFileSystem(settings).makeQualified(path).toUri().getPath() + "/");
    }
    MapFunction<Row, Row> keyed = file -> keyed(bases, file);
    return new ImageTable(
        spark
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", "true")
            .option("pathGlobFilter", "*.{png,PNG,jpg,JPG,jpeg,JPEG}")
            .load(folders.toArray(String[]::new))
            .select("path", "content")
            .map(keyed, Encoders.row(ImageTable.withBytes())),
        Pixels.FILE);
  }

  private static Row keyed(List<String> bases, Row file) {
    String whole = new Path(file.getString(0)).toUri().getPath();
    String path =
        bases.stream()
            .filter(whole::startsWith)
            .findFirst()
            .map(base -> whole.substring(base.length()))
            .orElse(whole);
    Matcher labelled = LABELLED.matcher(path);
    Integer label = labelled.matches() ? Integer.valueOf(labelled.group(1)) : null;
    return RowFactory.create(id(path), path, label, file.get(1));
  }

  static long id(String path) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sum).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
