package vae.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the doctor finds: for people line by line, as soon as it is known; for programs as one
 * object at the end.
 */
public final class DoctorReport {
  private final DoctorListener listener;
  private final Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
  private final List<Fact.Verdict> verdicts = new ArrayList<>();
  private Map<String, Object> section = new LinkedHashMap<>();

  DoctorReport(DoctorListener listener) {
    this.listener = listener;
  }

  /** Begins a section; what follows may take a while. */
  void section(String title) {
    section = new LinkedHashMap<>();
    sections.put(Fact.key(title), section);
    listener.line(title);
    listener.busy(title);
  }

  /** Is told what is being waited for beside the facts. */
  DoctorListener listener() {
    return listener;
  }

  void add(Fact fact) {
    section.put(fact.key(), fact.json());
    fact.verdict().ifPresent(verdicts::add);
    listener.line(fact.line());
  }

  /** For programs: how many problems and notes there are, and the facts by section and name. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("problems", count(Fact.Kind.PROBLEM));
    json.put("notes", count(Fact.Kind.NOTE));
    json.put("sections", sections);
    return json;
  }

  /**
   * The fault of the first problem, if there is one; a device that was asked for and can't be used
   * comes before all.
   */
  public Optional<Fault> fault() {
    List<Fault> faults = verdicts.stream().flatMap(verdict -> verdict.fault().stream()).toList();
    return faults.contains(Fault.DEVICE) ? Optional.of(Fault.DEVICE) : faults.stream().findFirst();
  }

  /** How it stands altogether, for people. */
  public String summary() {
    long problems = count(Fact.Kind.PROBLEM);
    return (problems == 0 ? "all checks passed" : counted(problems, "problem"))
        + ", "
        + counted(count(Fact.Kind.NOTE), "note");
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private long count(Fact.Kind kind) {
    return verdicts.stream().filter(verdict -> verdict.kind() == kind).count();
  }
}
