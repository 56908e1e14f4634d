package vae.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the doctor's report.
 *
 * @param name what it is about
 * @param text for people
 * @param value for programs: a text, a number, true or false, or lists and maps of these
 * @param verdict if the fact was checked
 */
record Fact(String name, String text, Object value, Optional<Verdict> verdict) {
  private static final long GIB = 1L << 30;

  /** What would end a line or play with a terminal, wherever the text came from. */
  private static final String UNPRINTABLE = "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]";

  /** A fact whose text says it all. */
  static Fact of(String name, String text) {
    return of(name, text, text);
  }

  static Fact of(String name, String text, Object value) {
    return new Fact(name, text, value, Optional.empty());
  }

  /** The same, which is as it should be. */
  Fact ok() {
    return with(Verdict.Kind.OK, "", Optional.empty());
  }

  /** The same, with what is worth knowing. */
  Fact note(String advice) {
    return with(Verdict.Kind.NOTE, advice, Optional.empty());
  }

  Fact problem(Fault fault, String advice) {
    return with(Verdict.Kind.PROBLEM, advice, Optional.of(fault));
  }

  Fact noteUnless(boolean holds, String advice) {
    return holds ? ok() : note(advice);
  }

  Fact problemUnless(boolean holds, Fault fault, String advice) {
    return holds ? ok() : problem(fault, advice);
  }

  private Fact with(Verdict.Kind kind, String advice, Optional<Fault> fault) {
    return new Fact(name, text, value, Optional.of(new Verdict(kind, advice, fault)));
  }

  /** An amount of memory or disk for people: in GiB, or in MiB where that is less than one. */
  static String amount(long bytes) {
    return bytes < GIB ? (bytes >> 20) + " MiB" : "%.1f GiB".formatted((double) bytes / GIB);
  }

  /** For people, in columns. */
  String line() {
    String ending = verdict.map(checked -> " - " + checked).orElse("");
    return "  %-17s %s".formatted(name, (text + ending).replaceAll(UNPRINTABLE, "?"));
  }

  /** The name as programs write it. */
  String key() {
    return key(name);
  }

  static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
  }

  /** For programs. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", value);
    json.put("text", text);
    verdict.ifPresent(
        checked -> {
          json.put("verdict", checked.word());
          json.put("advice", checked.advice());
        });
    return json;
  }
}
