package vae.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the doctor finds, on standard output: for people line by line, as soon as it is known, since
 * a library may end the program; for programs as one object at the end.
 */
final class DoctorReport {
  /** In ASCII: it is read the same whatever the terminal's or the pipe's encoding. */
  private static final JSON ASCII =
      JSON.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()).build();

  private final boolean json;
  private final TerminalLine progress = new TerminalLine();
  private final Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
  private final List<Verdict> verdicts = new ArrayList<>();
  private Map<String, Object> section = new LinkedHashMap<>();

  /** A report for programs, or one for people. */
  DoctorReport(boolean json) {
    this.json = json;
  }

  /** Begins a section; what follows may take a while. */
  void section(String title) {
    section = new LinkedHashMap<>();
    sections.put(Fact.key(title), section);
    print(title);
    busy(title);
  }

  /** Shows on a terminal what is being waited for. */
  void busy(String what) {
    progress.write("looking at: " + what);
  }

  /** Makes room for a progress line of another kind. */
  void clear() {
    progress.clear();
  }

  void add(Fact fact) {
    section.put(fact.key(), fact.json());
    fact.verdict().ifPresent(verdicts::add);
    print(fact.line());
  }

  /** Says how it stands altogether. */
  void finish() throws IOException {
    clear();
    print(summary());
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("exit_code", exitCode());
      all.put("problems", count(Verdict.Kind.PROBLEM));
      all.put("notes", count(Verdict.Kind.NOTE));
      all.put("sections", sections);
      System.out.println(ASCII.asString(all));
    }
  }

  /** That of the first problem; a device that was asked for and can't be used comes before all. */
  int exitCode() {
    List<Integer> codes =
        verdicts.stream().map(Verdict::exitCode).filter(code -> code != ExitCode.OK).toList();
    if (codes.contains(ExitCode.DEVICE)) {
      return ExitCode.DEVICE;
    }
    return codes.isEmpty() ? ExitCode.OK : codes.get(0);
  }

  private String summary() {
    long problems = count(Verdict.Kind.PROBLEM);
    return (problems == 0 ? "all checks passed" : counted(problems, "problem"))
        + ", "
        + counted(count(Verdict.Kind.NOTE), "note");
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private long count(Verdict.Kind kind) {
    return verdicts.stream().filter(verdict -> verdict.kind() == kind).count();
  }

  private void print(String line) {
    if (!json) {
      progress.clear();
      System.out.println(line);
      System.out.flush();
    }
  }
}
