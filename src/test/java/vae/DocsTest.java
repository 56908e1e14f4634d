package vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages name is there, and each page is found. */
class DocsTest {
  private static final Pattern CLASS = Pattern.compile("`([a-z0-9]+/[A-Z]\\w+)(\\.java)?`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(#([^)]+))?\\)");

  static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> docs = Files.walk(Path.of("docs"))) {
      return Stream.of(top, docs, Stream.of(Path.of("scripts/README.md")))
          .flatMap(pages -> pages)
          .filter(page -> page.toString().endsWith(".md"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namesAndLinksLeadSomewhere(Path page) throws IOException {
    String text = Files.readString(page);
    for (Matcher named = CLASS.matcher(text); named.find(); ) {
      assertThat(Path.of("src/main/java/vae", named.group(1) + ".java")).exists();
    }
    for (Matcher linked = LINK.matcher(text); linked.find(); ) {
      Path to = linked.group(1).isEmpty() ? page : page.resolveSibling(linked.group(1));
      assertThat(to).exists();
      if (linked.group(2) != null) {
        assertThat(headings(to)).as(linked.group()).contains(linked.group(3));
      }
    }
  }

  /** As GitHub makes anchors of them. */
  private static List<String> headings(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  @Test
  void theIndexHasEachPage() throws IOException {
    String index = Files.readString(Path.of("docs/README.md"));
    for (Path page : pages()) {
      String name = page.getFileName().toString();
      if (Path.of("docs").equals(page.getParent()) && !name.equals("README.md")) {
        assertThat(index).contains("](" + name + ")");
      }
    }
  }

  @Test
  void theTestsOfTheFeaturesAreThere() throws IOException {
    List<String> tests;
    try (Stream<Path> sources = Files.walk(Path.of("src"))) {
      tests = sources.map(source -> source.getFileName().toString()).toList();
    }
    String page = Files.readString(Path.of("docs/features.md"));
    List<String> named =
        Pattern.compile("`(\\w+Test)`")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(named).hasSizeGreaterThan(50);
    assertThat(tests).containsAll(named.stream().map(name -> name + ".java").toList());
    for (Matcher script = Pattern.compile("`(scripts/\\S+)`").matcher(page); script.find(); ) {
      assertThat(Path.of(script.group(1))).exists();
    }
  }

  /** A newcomer reads it in five minutes. */
  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(180);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void noPageIsLong(Path page) throws IOException {
    assertThat(Files.readAllLines(page)).hasSizeLessThanOrEqualTo(250);
  }

  /** What {@code scripts/benchmark/run.py report} wrote into a page: a program's median. */
  @ParameterizedTest
  @CsvSource({
    "docs/performance.md, AMD EPYC with AVX2",
    "docs/performance-avx512.md, 'AMD EPYC with AVX-512, busy'"
  })
  void theSpeedsInReadmeAreMeasured(Path page, String machine) throws IOException {
    String measured = Files.readString(page);
    List<String> speeds = new ArrayList<>();
    for (String program :
        List.of(
            "**this program**", "TF1, feed_dict", "JAX, scan", "TensorFlow, XLA", "C, by hand")) {
      Matcher row =
          Pattern.compile("\\| " + Pattern.quote(program) + " \\| (\\S+) ").matcher(measured);
      assertThat(row.find()).as(program).isTrue();
      speeds.add(row.group(1));
    }
    String row = "| " + machine + " | " + String.join(" | ", speeds) + " |";
    assertThat(Files.readString(Path.of("README.md"))).contains(row);
  }
}
