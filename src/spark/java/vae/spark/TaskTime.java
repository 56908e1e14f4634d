package vae.spark;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** How long tasks are at it, reading and writing among it: what a core is busy with a job. */
final class TaskTime {
  private TaskTime() {}

  /** What the tasks of a job add their nanoseconds to. */
  static LongAccumulator of(SparkSession spark) {
    return spark.sparkContext().longAccumulator("nanoseconds of tasks");
  }

  /** Measures the task that calls it, from now to its end. */
  static void measure(LongAccumulator nanos) {
    long start = System.nanoTime();
    TaskContext.get()
        .addTaskCompletionListener((TaskContext task) -> nanos.add(System.nanoTime() - start));
  }
}
