package vae.cli;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import vae.spark.IdxImages;
import vae.spark.ImageFolder;
import vae.spark.ImageJob;
import vae.spark.ImageTable;
import vae.spark.ImageWork;
import vae.spark.ParquetImages;

/** The options of the Spark jobs that read images. */
final class SparkInput extends OptionGroup {
  /** What images may come in. */
  private enum Format {
    PARQUET,
    IDX,
    FILES
  }

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      arity = "1..*",
      description = "Files or folders to read, in this order.")
  private List<String> input = List.of();

  @Option(
      names = "--format",
      paramLabel = "parquet|idx|files",
      defaultValue = "parquet",
      description =
          "Parquet with the columns id and image (BINARY, 0 to 255, or an ARRAY of FLOAT in [0, 1])"
              + " and, if there are any, label; IDX files, [n,h,w] or [n,h,w,1 or 3]; or folders of"
              + " PNG and JPEG files, in colour if the model takes that (default:"
              + " ${DEFAULT-VALUE}).")
  private Format format;

  @Option(
      names = "--labels",
      paramLabel = "PATH",
      arity = "1..*",
      description = "IDX files of labels, as many as of images.")
  private List<String> labels = List.of();

  @Option(
      names = "--strict",
      description =
          "Refuse input with bad rows. Without it they are left out, and written to OUT-rejected"
              + " with their reasons.")
  private boolean strict;

  int run(SparkOptions common, String job, ImageWork work) throws IOException {
    if (!labels.isEmpty() && (format != Format.IDX || labels.size() != input.size())) {
      throw refused(
          "--labels: expected as many files as of --input, with --format idx; found %d and %d"
              .formatted(labels.size(), input.size()));
    }
    try (SparkSession spark = common.spark(job)) {
      ImageJob.Outcome outcome =
          ImageJob.run(
              spark,
              common.store(),
              common.onEveryMachine(),
              table(spark),
              work,
              common.out(),
              strict);
      common.tell(outcome);
      if (outcome.batch() > 0) {
        System.err.printf(
            "note: encode takes %d rows at a time: more are cut, fewer filled up%n",
            outcome.batch());
      }
      if (outcome.rejected() > 0) {
        System.err.printf(
            "%s: %,d bad rows, with their reasons%n",
            ImageJob.rejectedOf(common.out()), outcome.rejected());
      }
      return ExitCode.OK;
    }
  }

  private ImageTable table(SparkSession spark) throws IOException {
    return switch (format) {
      case PARQUET -> ParquetImages.read(spark, input);
      case IDX -> IdxImages.read(spark, input, labels);
      case FILES -> ImageFolder.read(spark, input);
    };
  }
}
