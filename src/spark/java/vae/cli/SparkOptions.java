package vae.cli;

import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import vae.spark.ImageJob;
import vae.storage.ModelStore;

/** The options of all Spark jobs. */
final class SparkOptions extends CommonOptions.Verbose {
  /**
   * 3.5.0 and 3.5.1 give up a job whose executor is lost as it commits (SPARK-39195, SPARK-48292).
   */
  private static final String VERSIONS = "3\\.5\\.([2-9]|[1-9][0-9]).*";

  @Option(
      names = "--saved-model",
      paramLabel = "DIR",
      defaultValue = "saved_model",
      description =
          "A folder of numbered models, of which the highest is taken, or one model's own folder."
              + " Spark carries it to the executors (default: ${DEFAULT-VALUE}).")
  private Path savedModel;

  @Option(
      names = "--model-on-every-machine",
      description = "The executors find the model under the same path: a shared file system.")
  private boolean onEveryMachine;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The Parquet to write; nothing may be there. A URI of Hadoop's will do.")
  private String out;

  /** Refuses an option's value. */
  void require(boolean isFine, String problem) {
    if (!isFine) {
      throw refused(problem);
    }
  }

  ModelStore store() {
    return new ModelStore(savedModel);
  }

  boolean onEveryMachine() {
    return onEveryMachine;
  }

  String out() {
    return out;
  }

  void tell(ImageJob.Outcome outcome) {
    System.err.printf(
        "%s: %,d rows, %.1f s, %,.0f rows/s; %,.0f a second of a task%n",
        out,
        outcome.rows(),
        outcome.seconds(),
        outcome.rows() / outcome.seconds(),
        outcome.rows() / outcome.taskSeconds());
  }

  /** Connects to the cluster of spark-submit's --master; without one, all cores of this machine. */
  SparkSession spark(String job) {
    SparkConf settings = new SparkConf().setAppName("vae " + job);
    settings.setIfMissing("spark.master", "local[*]");
    // A task has one thread, also where our own code would use all cores.
    settings.set(
        "spark.executor.extraJavaOptions",
        settings.get("spark.executor.extraJavaOptions", "")
            + " -Djava.util.concurrent.ForkJoinPool.common.parallelism=0");
    SparkSession spark = SparkSession.builder().config(settings).getOrCreate();
    String found = spark.version();
    if (!found.matches(VERSIONS)) {
      spark.close();
      throw refused("expected Spark 3.5, from 3.5.2 on, found " + found);
    }
    if (!verbose()) {
      spark.sparkContext().setLogLevel("ERROR");
    }
    return spark;
  }
}
