package vae.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The line that brings a TF1 model over, to be pasted into a shell. */
public final class ImportLine {
  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_./:=+-]+");

  private ImportLine() {}

  /**
   * Writes it.
   *
   * @param source a checkpoint's prefix, or a frozen graph
   * @param meta the meta graph's file, if it was named
   * @param options what {@code import-meta} is to be told beside them
   * @return nothing where a name can't be typed
   */
  public static Optional<String> of(Path source, Optional<Path> meta, List<String> options) {
    List<String> words = new ArrayList<>(List.of("scripts/vae", "import-meta"));
    words.add(source.toString());
    meta.ifPresent(file -> words.addAll(List.of("--meta", file.toString())));
    words.addAll(options);
    if (words.stream().anyMatch(word -> !PlainText.line(word).equals(word))) {
      return Optional.empty();
    }
    return Optional.of(String.join(" ", words.stream().map(ImportLine::quoted).toList()));
  }

  /** As a shell takes it for one word: a stranger's names may hold orders to the shell, too. */
  private static String quoted(String word) {
    return BARE.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
