package vae;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages know of each other what docs/architecture.md says, and nothing more. */
class RoomsTest {
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| .* \\| (.*) \\|");

  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("vae");

  /** The rooms of the page's table: what each knows, by its name. */
  static Map<String, List<String>> rooms() throws IOException {
    Map<String, List<String>> rooms = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("docs/architecture.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches() && !row.group(2).contains("`")) {
        rooms.put(row.group(1), List.of(row.group(2).split(", ", -1)));
      }
    }
    assertThat(rooms).containsKeys("config", "cli");
    return rooms;
  }

  static Stream<String> names() throws IOException {
    return rooms().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aRoomKnowsOnlyThese(String room) throws IOException {
    List<String> known = rooms().getOrDefault(room, List.of());
    if (List.of("all").equals(known)) {
      return;
    }
    String[] unknown =
        names()
            .filter(other -> !other.equals(room) && !known.contains(other))
            .map(other -> "vae." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("vae." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(unknown)
        .allowEmptyShould(room.equals("spark")) // Which only -Pspark builds.
        .check(PROGRAM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "org.tensorflow org.tensorflow.exceptions.. org.tensorflow.framework.. org.tensorflow.internal.."
            + " org.tensorflow.ndarray.. org.tensorflow.op.. org.tensorflow.types.."
            + " | tf1 runtime model train metagraph functions checkpoint storage imports training cli",
        "org.tensorflow.proto.. | tf1 runtime model train metagraph functions checkpoint storage imports serve cli",
        "io.grpc..         | serve",
        "picocli..         | cli",
        "com.sun.jna..     | runtime",
        "com.fasterxml..   | cli files serve storage training",
        "org.eclipse.jetty.. | serve",
        "org.apache.spark.. | cli spark",
        "org.apache.hadoop.. | spark",
      })
  void aLibraryIsUsedOnlyIn(String library, String rooms) throws IOException {
    String[] others =
        names()
            .filter(room -> !Arrays.asList(rooms.split(" ", -1)).contains(room))
            .map(room -> "vae." + room + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAnyPackage(others)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library.split(" ", -1))
        .check(PROGRAM);
  }

  @Test
  void everyClassHasARoom() throws IOException {
    String[] rooms = names().map(room -> "vae." + room + "..").toArray(String[]::new);
    classes()
        .that()
        .doNotHaveFullyQualifiedName("vae.Main")
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .resideInAnyPackage(rooms)
        .check(PROGRAM);
  }
}
