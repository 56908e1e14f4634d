package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * docs/options.md is what picocli knows of the commands, as {@code --help} is. {@code
 * -Dvae.write-options} writes it.
 */
class OptionsPageTest {
  private static final Path PAGE = Path.of("docs/options.md");

  @Test
  void thePageListsEveryOption() throws IOException {
    String page = page(VaeCommand.commandLine());
    if (System.getProperty("vae.write-options") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(page).contains("## train\n", "`--preset=", "`--saved-model=DIR`");
    assertThat(PAGE).as("mvn test -Dtest=OptionsPageTest -Dvae.write-options").hasContent(page);
  }

  private static String page(CommandLine program) {
    var page = new StringBuilder();
    page.append("# Options\n\n")
        .append("`OptionsPageTest` writes this page from what `--help` shows.\n\n")
        .append("All commands take `--help` and `-v`, `--verbose`, which shows TensorFlow's own")
        .append(" messages and stack traces. Exit codes: ")
        .append(
            program.getCommandSpec().usageMessage().exitCodeList().entrySet().stream()
                .map(code -> code.getKey().strip() + " " + code.getValue())
                .collect(Collectors.joining("; ")))
        .append(".\n");
    List<CommandSpec> commands = commands(program).toList();
    List<String> rows =
        commands.stream()
            .flatMap(command -> options(command).stream().map(OptionsPageTest::row))
            .toList();
    Set<String> shared =
        rows.stream()
            .filter(row -> Collections.frequency(rows, row) > 1)
            .collect(Collectors.toSet());
    page.append("\n## Options of several commands\n\n| | |\n|---|---|\n");
    shared.stream().sorted().forEach(page::append);
    commands.forEach(command -> append(page, command, shared));
    return page.toString();
  }

  private static Stream<CommandSpec> commands(CommandLine parent) {
    return parent.getSubcommands().values().stream()
        .filter(each -> !each.getCommandSpec().usageMessage().hidden())
        .sorted(Comparator.comparing(CommandLine::getCommandName))
        .flatMap(each -> Stream.concat(Stream.of(each.getCommandSpec()), commands(each)));
  }

  private static List<OptionSpec> options(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden() && !option.usageHelp())
        .filter(option -> !option.longestName().equals("--verbose"))
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .toList();
  }

  private static void append(StringBuilder page, CommandSpec command, Set<String> shared) {
    List<OptionSpec> options = options(command);
    page.append("\n## %s\n\n".formatted(command.qualifiedName().replaceFirst("vae ", "")))
        .append(String.join(" ", command.usageMessage().description()).strip())
        .append(
            options.stream()
                .filter(each -> shared.contains(row(each)))
                .map(each -> code(each.longestName()))
                .collect(Collectors.joining(", ", " [Shared](#options-of-several-commands): ", "."))
                .replaceFirst(": \\.$", ": none."))
        .append('\n');
    List<PositionalParamSpec> parameters = command.positionalParameters();
    List<String> own =
        options.stream().map(OptionsPageTest::row).filter(row -> !shared.contains(row)).toList();
    if (!parameters.isEmpty() || !own.isEmpty()) {
      page.append("\n| | |\n|---|---|\n");
      parameters.forEach(each -> page.append(row(code(each.paramLabel()), description(each))));
      own.forEach(page::append);
    }
  }

  private static String row(OptionSpec option) {
    return row(
        Arrays.stream(option.names())
            .map(name -> code(name + (option.arity().max() > 0 ? "=" + label(option) : "")))
            .collect(Collectors.joining(", ")),
        description(option));
  }

  private static String label(OptionSpec option) {
    Class<?> type = option.typeInfo().getType();
    return type.isEnum() && option.paramLabel().startsWith("<")
        ? candidates(option)
        : option.paramLabel();
  }

  private static String candidates(ArgSpec arg) {
    return Optional.ofNullable(arg.completionCandidates()).stream()
        .flatMap(all -> StreamSupport.stream(all.spliterator(), false))
        .map(String::toLowerCase)
        .collect(Collectors.joining("|"));
  }

  private static String description(ArgSpec arg) {
    return String.join(" ", arg.description())
        .replace("${DEFAULT-VALUE}", String.valueOf(arg.defaultValueString()))
        .replace("${COMPLETION-CANDIDATES}", candidates(arg));
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String row(String first, String second) {
    return "| %s | %s |\n".formatted(first.replace("|", "\\|"), second.replace("|", "\\|").strip());
  }
}
