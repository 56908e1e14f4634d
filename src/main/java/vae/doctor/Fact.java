package vae.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the doctor's report, perhaps checked.
 *
 * @param text for people
 * @param value for programs: a text, a number, true or false, or lists and maps of these
 */
record Fact(String name, String text, Object value, Optional<Verdict> verdict) {
  private static final long GIB = 1L << 30;

  /** What would end a line or play with a terminal, wherever the text came from. */
  private static final String UNPRINTABLE = "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]";

  /** How well a fact stands. */
  enum Kind {
    OK,
    /** Worth knowing; all works, if more slowly, or in part. */
    NOTE,
    /** Something won't work. */
    PROBLEM
  }

  /** What the doctor says of a fact that it has checked: with advice, unless all is well. */
  record Verdict(Kind kind, String advice, Optional<Fault> fault) {
    /** For people: {@code ok}, {@code note: advice}. */
    @Override
    public String toString() {
      return kind == Kind.OK ? word() : word() + ": " + advice;
    }

    /** {@code ok}, {@code note} or {@code problem}. */
    String word() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /** A fact whose text says it all. */
  static Fact of(String name, String text) {
    return of(name, text, text);
  }

  static Fact of(String name, String text, Object value) {
    return new Fact(name, text, value, Optional.empty());
  }

  /** The same, which is as it should be. */
  Fact ok() {
    return with(Kind.OK, "", Optional.empty());
  }

  /** The same, with what is worth knowing. */
  Fact note(String advice) {
    return with(Kind.NOTE, advice, Optional.empty());
  }

  Fact problem(Fault fault, String advice) {
    return with(Kind.PROBLEM, advice, Optional.of(fault));
  }

  Fact noteUnless(boolean holds, String advice) {
    return holds ? ok() : note(advice);
  }

  Fact problemUnless(boolean holds, Fault fault, String advice) {
    return holds ? ok() : problem(fault, advice);
  }

  private Fact with(Kind kind, String advice, Optional<Fault> fault) {
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
