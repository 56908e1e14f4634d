package vae;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packages know of each other what docs/architecture.md says, and nothing more. */
class RoomsTest {
  private static final String[] ROOMS = {
    "config", "mnist", "tf1", "runtime", "model", "train", "metagraph", "storage", "picture", "cli"
  };

  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("vae");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config  | ''",
        "mnist   | config",
        "tf1     | ''",
        "runtime | config",
        "model   | config tf1",
        "train   | config mnist model runtime tf1",
        "metagraph | runtime tf1",
        "storage | config metagraph model runtime tf1",
        "picture | ''",
      })
  void aRoomKnowsOnlyThese(String room, String known) {
    String[] unknown =
        Stream.of(ROOMS)
            .filter(
                other ->
                    !other.equals(room) && !Arrays.asList(known.split(" ", -1)).contains(other))
            .map(other -> "vae." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("vae." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(unknown)
        .check(PROGRAM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "org.tensorflow..  | tf1 runtime model train metagraph storage cli",
        "picocli..         | cli",
        "com.sun.jna..     | runtime",
        "com.fasterxml..   | cli",
      })
  void aLibraryIsUsedOnlyIn(String library, String rooms) {
    String[] others =
        Stream.of(ROOMS)
            .filter(room -> !Arrays.asList(rooms.split(" ", -1)).contains(room))
            .map(room -> "vae." + room + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAnyPackage(others)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(PROGRAM);
  }

  @Test
  void everyClassHasARoom() {
    String[] rooms = Stream.of(ROOMS).map(room -> "vae." + room).toArray(String[]::new);
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
