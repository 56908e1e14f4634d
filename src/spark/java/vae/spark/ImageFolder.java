package vae.spark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Folders of PNG and JPEG files, with all that is in them. An image's id follows from its path
 * within the folder given, by SHA-256; its label is the name of the folder that it lies in, if that
 * is a digit.
 */
public final class ImageFolder {
  private static final Pattern LABELLED = Pattern.compile("(?:.*/)?([0-9])/[^/]*");

  private ImageFolder() {}

  /** Reads them; each file whole, and only when its turn comes. */
  public static ImageTable read(SparkSession spark, List<String> folders) {
    Dataset<Row> all = null;
    for (String folder : folders) {
      String base = new org.apache.hadoop.fs.Path(folder).toUri().getPath();
      MapFunction<Row, Row> keyed = file -> keyed(base, file);
      Dataset<Row> files =
          spark
              .read()
              .format("binaryFile")
              .option("recursiveFileLookup", "true")
              .option("pathGlobFilter", "*.{png,PNG,jpg,JPG,jpeg,JPEG}")
              .load(folder)
              .select("path", "content")
              .map(keyed, Encoders.row(ImageTable.withBytes()));
      all = all == null ? files : all.union(files);
    }
    return new ImageTable(java.util.Objects.requireNonNull(all), Pixels.FILE);
  }

  private static Row keyed(String base, Row file) {
    String path = new org.apache.hadoop.fs.Path(file.getString(0)).toUri().getPath();
    int at = path.indexOf(base);
    String own = at < 0 ? path : path.substring(at + base.length()).replaceFirst("^/+", "");
    Matcher labelled = LABELLED.matcher(own);
    Integer label = labelled.matches() ? Integer.valueOf(labelled.group(1)) : null;
    return RowFactory.create(id(own), own, label, file.get(1));
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
