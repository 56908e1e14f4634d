package vae.cli;

import vae.runtime.LibC;

/** One line on standard error that is written over; nothing where that is not a terminal. */
class TerminalLine {
  private final boolean onTerminal = LibC.stderrIsTerminal();
  private int width;

  /** Writes a text in place of the last one. */
  final void write(String text) {
    if (onTerminal) {
      System.err.print('\r' + text + " ".repeat(Math.max(0, width - text.length())));
      System.err.flush();
      width = text.length();
    }
  }

  /** Makes room for a line of another kind. */
  final void clear() {
    if (width > 0) {
      write("");
      System.err.print('\r');
    }
  }
}
