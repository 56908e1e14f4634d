package vae.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * What the doctor says of a fact that it has checked.
 *
 * @param advice what to know, or to do; empty if all is well
 * @param fault of a problem
 */
record Verdict(Kind kind, String advice, Optional<Fault> fault) {
  /** How well a fact stands. */
  enum Kind {
    OK,
    /** Worth knowing; all works, if more slowly, or in part. */
    NOTE,
    /** Something won't work. */
    PROBLEM
  }

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
