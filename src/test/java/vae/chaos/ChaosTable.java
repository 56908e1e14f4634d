package vae.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The table of what was done, what must hold, and whether it did: target/chaos.md. */
public final class ChaosTable implements AutoCloseable {
  private static final Path FILE = Path.of("target", "chaos.md");

  private static volatile Row current = new Row(0, "", "");

  private final List<Row> rows = new ArrayList<>();

  /** One subject. */
  static final class Row {
    private final int order;
    private final String test;
    private final String holds;
    private final List<String> notes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final long start = System.nanoTime();
    private int passed;
    private long seconds;

    Row(int order, String test, String holds) {
      this.order = order;
      this.test = test;
      this.holds = holds;
    }

    void passed() {
      passed++;
    }

    void failed(String what) {
      failures.add(what);
    }

    void end() {
      seconds = (System.nanoTime() - start) / 1_000_000_000;
    }

    private String line() {
      String result =
          failures.isEmpty() ? "holds" : "**does not hold**: " + String.join(", ", failures);
      String seen = notes.isEmpty() ? passed + " tests" : String.join("; ", notes);
      return "| %s | %s | %s: %s | %d s |".formatted(test, holds, result, seen, seconds);
    }
  }

  void begin(Row row) {
    rows.add(row);
    current = row;
  }

  /** Adds to the row of the tests that are running what was counted or measured. */
  public static void note(String seen) {
    current.notes.add(seen);
  }

  @Override
  public void close() throws IOException {
    rows.sort(Comparator.comparingInt(row -> row.order));
    var table = new StringBuilder("| test | must hold | seen | took |\n|---|---|---|---|\n");
    rows.forEach(row -> table.append(row.line()).append('\n'));
    table.append("\nseed %d (-Dchaos.seed=%d repeats it)%n".formatted(Dose.SEED, Dose.SEED));
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, table);
    System.out.printf("%n%s%n", table);
  }
}
