package vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages name is there. */
class DocsTest {
  private static final Pattern CLASS = Pattern.compile("`([a-z0-9]+/[A-Z]\\w+)(\\.java)?`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "README.zh.md",
        "CONTRIBUTING.md",
        "docs/doctor.md",
        "docs/theory.md",
        "docs/evaluation.md",
        "docs/serving.md",
        "docs/scale.md",
        "docs/tf1-bridge.md",
        "docs/decisions/README.md"
      })
  void namesAndLinksLeadSomewhere(String name) throws IOException {
    Path page = Path.of(name);
    String text = Files.readString(page);
    int found = 0;
    for (Matcher named = CLASS.matcher(text); named.find(); found++) {
      assertThat(Path.of("src/main/java/vae", named.group(1) + ".java")).exists();
    }
    for (Matcher linked = LINK.matcher(text); linked.find(); found++) {
      assertThat(page.resolveSibling(linked.group(1))).exists();
    }
    assertThat(found).isPositive();
  }
}
