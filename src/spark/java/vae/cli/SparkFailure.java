package vae.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import vae.files.ModelException;
import vae.files.WriteException;
import vae.mnist.DataException;

/** Finds what is wrong in what Spark throws: of an executor's exception it has the text alone. */
final class SparkFailure {
  private static final Pattern OURS =
      Pattern.compile("vae\\.(?:mnist\\.(Data)|files\\.(Model))Exception: ([^\\n]*)");
  private static final String CAUSE = "Caused by: ";
  private static final Pattern NAMED = Pattern.compile("(.*?): (.*)", Pattern.DOTALL);

  private SparkFailure() {}

  /** One of the exceptions that have an exit code of their own, if it comes of one. */
  static Exception causeOf(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof DataException
          || cause instanceof ModelException
          || cause instanceof WriteException) {
        return (Exception) cause;
      }
      if (cause instanceof AnalysisException analysis) {
        return told(Path.of("input"), "Data", analysis.getSimpleMessage());
      }
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      Matcher ours = OURS.matcher(String.valueOf(cause.getMessage()));
      if (ours.find()) {
        Matcher named = NAMED.matcher(ours.group(3));
        String kind = ours.group(1) == null ? "Model" : "Data";
        return named.matches()
            ? told(Path.of(named.group(1)), kind, named.group(2))
            : told(Path.of("task"), kind, ours.group(3));
      }
    }
    return e instanceof SparkException spark ? new IllegalStateException(cause(spark), e) : e;
  }

  /**
   * Spark's message goes on with the executor's stack traces, of which the last tells the reason.
   */
  private static String cause(SparkException e) {
    List<String> lines = String.valueOf(e.getMessage()).lines().map(String::strip).toList();
    return lines.stream()
        .filter(line -> line.startsWith(CAUSE))
        .reduce((first, last) -> last)
        .map(line -> line.substring(CAUSE.length()))
        .orElse(lines.isEmpty() ? "" : lines.get(0));
  }

  private static Exception told(Path file, String kind, String problem) {
    return kind.equals("Data")
        ? new DataException(file, problem)
        : new ModelException(file, problem);
  }
}
