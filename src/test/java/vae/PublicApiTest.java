package vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/library.md lists the classes that are for programs: no more are needed, and none leaks. */
class PublicApiTest {
  private static final List<Path> SOURCES =
      List.of(Path.of("src/main/java/vae"), Path.of("src/spark/java/vae"));
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)/(\\w+)` \\|[^|]+\\|([^|]*)\\|$");
  private static final Pattern MEMBER = Pattern.compile("`(\\w+)`");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?(vae\\.\\w+\\.\\w+)");

  /** The page's table: each class, and its members that are internal although they are public. */
  static Map<String, Set<String>> listed() throws IOException {
    Map<String, Set<String>> listed = new LinkedHashMap<>();
    for (MatchResult row : matches(ROW, Path.of("docs/library.md"))) {
      Set<String> internal =
          MEMBER.matcher(row.group(3)).results().map(member -> member.group(1)).collect(sorted());
      listed.put("vae.%s.%s".formatted(row.group(1), row.group(2)), internal);
    }
    assertThat(listed).hasSizeGreaterThan(20);
    return listed;
  }

  private static List<MatchResult> matches(Pattern pattern, Path file) throws IOException {
    return pattern.matcher(Files.readString(file)).results().toList();
  }

  static Stream<String> classes() throws IOException {
    return listed().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("classes")
  void mentionsOnlyListedClasses(String name) throws Exception {
    Class<?> type = Class.forName(name);
    assertThat(Modifier.isPublic(type.getModifiers())).isTrue();
    Set<String> leaks = new TreeSet<>();
    Set<String> known = listed().keySet();
    addLeaks(leaks, type, known);
    assertThat(leaks).isEqualTo(listed().get(name));
  }

  /** Adds the names of the members that mention what is not known. */
  private static void addLeaks(Set<String> leaks, Class<?> type, Set<String> known) {
    List<Type> parents = new ArrayList<>(List.of(type.getGenericInterfaces()));
    if (type.getGenericSuperclass() != null) {
      parents.add(type.getGenericSuperclass());
    }
    if (!areKnown(parents, known)) {
      leaks.add(type.getSimpleName());
    }
    for (Field field : type.getDeclaredFields()) {
      addUnlessKnown(leaks, field.getModifiers(), field.getName(), known, field.getGenericType());
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      addLeak(leaks, constructor, type.getSimpleName(), known);
    }
    for (Method method : type.getDeclaredMethods()) {
      if (!method.isSynthetic()) {
        addLeak(leaks, method, method.getName(), known, method.getGenericReturnType());
      }
    }
    for (Class<?> nested : type.getDeclaredClasses()) {
      if (isVisible(nested.getModifiers())) {
        addLeaks(leaks, nested, known);
      }
    }
  }

  private static void addLeak(
      Set<String> leaks, Executable member, String name, Set<String> known, Type... more) {
    Type[] mentioned =
        Stream.of(member.getGenericParameterTypes(), member.getGenericExceptionTypes(), more)
            .flatMap(Arrays::stream)
            .toArray(Type[]::new);
    addUnlessKnown(leaks, member.getModifiers(), name, known, mentioned);
  }

  private static void addUnlessKnown(
      Set<String> leaks, int modifiers, String name, Set<String> known, Type... mentioned) {
    if (isVisible(modifiers) && !areKnown(List.of(mentioned), known)) {
      leaks.add(name);
    }
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static boolean areKnown(List<Type> types, Set<String> known) {
    return types.stream().flatMap(PublicApiTest::classesIn).allMatch(type -> isKnown(type, known));
  }

  private static boolean isKnown(Class<?> type, Set<String> known) {
    Class<?> outermost = type;
    while (outermost.getEnclosingClass() != null) {
      outermost = outermost.getEnclosingClass();
    }
    String name = outermost.getName();
    return !name.startsWith("vae.") || known.contains(name);
  }

  private static Stream<Class<?>> classesIn(Type type) {
    if (type instanceof Class<?> plain) {
      return plain.isArray() ? classesIn(plain.getComponentType()) : Stream.of(plain);
    }
    if (type instanceof ParameterizedType generic) {
      return Stream.concat(
          classesIn(generic.getRawType()),
          Arrays.stream(generic.getActualTypeArguments()).flatMap(PublicApiTest::classesIn));
    }
    if (type instanceof GenericArrayType array) {
      return classesIn(array.getGenericComponentType());
    }
    return type instanceof WildcardType wildcard
        ? Arrays.stream(wildcard.getUpperBounds()).flatMap(PublicApiTest::classesIn)
        : Stream.empty();
  }

  static List<Path> programs() throws IOException {
    List<Path> programs = new ArrayList<>();
    for (String folder : List.of("src/test/java/vae/examples", "src/consumer/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(programs::add);
      }
    }
    return programs;
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aProgramNeedsNoOther(Path program) throws IOException {
    List<String> imported = matches(IMPORT, program).stream().map(found -> found.group(1)).toList();
    assertThat(imported).isNotEmpty().allSatisfy(name -> assertThat(listed()).containsKey(name));
  }

  static List<Path> packages() throws IOException {
    List<Path> packages = new ArrayList<>();
    for (Path folder : SOURCES) {
      try (Stream<Path> files = Files.walk(folder, 2)) {
        files
            .filter(file -> file.endsWith("package-info.java") && !folder.equals(file.getParent()))
            .forEach(packages::add);
      }
    }
    return packages;
  }

  private static boolean isForPrograms(Path info) throws IOException {
    String prefix = nameOf(info) + ".";
    return listed().keySet().stream().anyMatch(listed -> listed.startsWith(prefix));
  }

  private static String nameOf(Path info) {
    return "vae." + Objects.requireNonNull(info.getParent()).getFileName();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageSaysWhatIsInternal(Path info) throws IOException {
    assertThat(Files.readString(info).replaceAll("\\s+(\\* )?", " "))
        .contains(
            isForPrograms(info)
                ? "What docs/library.md does not list is internal."
                : "Internal: see docs/library.md.");
  }

  /** A release's pages of Javadoc are of the packages that have them. */
  @Test
  void theJavadocLeavesOutTheOtherPackages() throws IOException {
    Pattern excluded = Pattern.compile("<excludePackageNames>(.*)</excludePackageNames>");
    Set<String> internal = new TreeSet<>(Set.of("vae.serve.proto")); // Written by protoc.
    for (Path info : packages()) {
      if (!isForPrograms(info)) {
        internal.add(nameOf(info));
      }
    }
    assertThat(matches(excluded, Path.of("pom.xml")).get(0).group(1).split(",", -1))
        .containsExactlyElementsOf(internal);
  }

  private static Collector<String, ?, Set<String>> sorted() {
    return Collectors.toCollection(TreeSet::new);
  }
}
