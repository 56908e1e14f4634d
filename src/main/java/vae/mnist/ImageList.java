package vae.mnist;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import vae.files.FileSums;
import vae.mnist.ListLine.Checked;

/**
 * A list of image files, as the tutorial reads: UTF-8, a line {@code path label} an image, the path
 * relative to the list's folder. Labels are numbers or names, or all are left out. Between path and
 * label stand blanks, a tab, a comma or a semicolon. A header, blank lines and those that begin
 * with {@code #} don't count. All images have one size, in pixels.
 *
 * @param sha256 of the list, by which it is known again
 * @param paths the list's folder and the path as it is written: what opens from where the list does
 * @param skipped how many bad lines were left out
 */
public record ImageList(
    Path file,
    String sha256,
    List<String> paths,
    Labels labels,
    int width,
    int height,
    int skipped) {
  /** Between two words on the progress; large enough to keep all cores at work. */
  private static final int CHUNK = 1_000;

  private static final int MOST_TOLD = 20;

  /** Is told how many lines have been checked, on the thread that reads the list. */
  @FunctionalInterface
  public interface Progress {
    /** Called every now and then. */
    void checked(int lines, int of);
  }

  /**
   * Reads a list, and decodes each image once: the decoder in the graph does not name the file that
   * it fails on. All images must have the size of the first good one.
   *
   * @param skipBad whether bad lines are left out and counted; else they are an error
   * @throws DataException if the list has bad lines, up to 20 of which are told with their numbers,
   *     or has no good one
   */
  public static ImageList read(Path file, boolean skipBad, Progress progress) throws DataException {
    byte[] contents = DataFile.bytes(file);
    List<ListLine> lines = lines(DataFile.text(file, contents));
    if (lines.isEmpty()) {
      throw new DataException(file, "expected lines of a path and a label, found none");
    }
    List<Checked> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (Checked line : checked(new ListFolder(file), lines, progress)) {
      String problem = good.isEmpty() ? line.problem() : line.problemBeside(good.get(0));
      if (problem.isEmpty()) {
        good.add(line);
      } else {
        bad.add("line %d: %s".formatted(line.number(), problem));
      }
    }
    if (good.isEmpty() || !(skipBad || bad.isEmpty())) {
      throw refusal(file, lines.size(), bad);
    }
    return new ImageList(
        file,
        FileSums.sha256(contents, 0),
        good.stream().map(Checked::path).toList(),
        labels(file, good),
        good.get(0).size().width(),
        good.get(0).size().height(),
        bad.size());
  }

  /** How many images there are. */
  public int count() {
    return paths.size();
  }

  /** The same list with other labels, as many. */
  public ImageList with(Labels others) {
    return new ImageList(file, sha256, paths, others, width, height, skipped);
  }

  /** Width times height: the values of each in grey. */
  public int pixelsPerImage() {
    return width * height;
  }

  /**
   * All images with their labels, decoded by Java; the shape is as for {@link ImageFile#pixels}.
   */
  public Images images(int... taken) throws DataException {
    return ImageFile.read(paths.stream().map(Path::of).toList(), labels, taken);
  }

  private static Labels labels(Path file, List<Checked> lines) throws DataException {
    List<String> labels = lines.stream().map(Checked::label).toList();
    if (labels.get(0).isEmpty()) {
      return Labels.none(labels.size());
    }
    if (ListLine.isNumber(labels.get(0))) {
      byte[] numbers = new byte[labels.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Byte.parseByte(labels.get(i));
      }
      return Labels.numbered(numbers);
    }
    try {
      return Labels.named(labels);
    } catch (IllegalArgumentException e) {
      throw new DataException(file, String.valueOf(e.getMessage()));
    }
  }

  private static List<Checked> checked(ListFolder folder, List<ListLine> lines, Progress progress) {
    List<Checked> checked = new ArrayList<>(lines.size());
    for (int from = 0; from < lines.size(); from += CHUNK) {
      int to = Math.min(from + CHUNK, lines.size());
      checked.addAll(
          IntStream.range(from, to).parallel().mapToObj(i -> lines.get(i).check(folder)).toList());
      progress.checked(to, lines.size());
    }
    return checked;
  }

  private static DataException refusal(Path file, int lines, List<String> bad) {
    if (bad.size() == 1) {
      return new DataException(file, bad.get(0));
    }
    List<String> told = new ArrayList<>(bad.subList(0, Math.min(MOST_TOLD, bad.size())));
    if (bad.size() > MOST_TOLD) {
      told.add("and %,d more".formatted(bad.size() - MOST_TOLD));
    }
    return new DataException(
        file, "expected %,d good lines, found %,d bad ones".formatted(lines, bad.size()), told);
  }

  private static List<ListLine> lines(String text) {
    List<ListLine> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      var found = new ListLine(number, line.strip());
      if (!found.isBlank() && !(lines.isEmpty() && found.isHeader())) {
        lines.add(found);
      }
    }
    return lines;
  }
}
