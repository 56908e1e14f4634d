package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
        .append(" messages and stack traces.\n\n| exit code | |\n|---|---|\n");
    program
        .getCommandSpec()
        .usageMessage()
        .exitCodeList()
        .forEach((code, text) -> row(page, code.strip(), text));
    appendAll(page, program);
    return page.toString();
  }

  private static void appendAll(StringBuilder page, CommandLine parent) {
    parent.getSubcommands().values().stream()
        .filter(each -> !each.getCommandSpec().usageMessage().hidden())
        .sorted(Comparator.comparing(CommandLine::getCommandName))
        .forEach(
            command -> {
              append(page, command.getCommandSpec());
              appendAll(page, command);
            });
  }

  private static void append(StringBuilder page, CommandSpec command) {
    page.append("\n## %s\n\n".formatted(command.qualifiedName().replaceFirst("vae ", "")))
        .append(String.join(" ", command.usageMessage().description()).strip())
        .append('\n');
    List<PositionalParamSpec> parameters = command.positionalParameters();
    List<OptionSpec> options =
        command.options().stream()
            .filter(option -> !option.hidden() && !option.usageHelp())
            .filter(option -> !option.longestName().equals("--verbose"))
            .sorted(Comparator.comparing(OptionSpec::longestName))
            .toList();
    if (parameters.isEmpty() && options.isEmpty()) {
      return;
    }
    page.append("\n| | |\n|---|---|\n");
    parameters.forEach(each -> row(page, code(each.paramLabel()), description(each)));
    options.forEach(
        each ->
            row(
                page,
                Arrays.stream(each.names())
                    .map(name -> code(name + (each.arity().max() > 0 ? "=" + label(each) : "")))
                    .collect(Collectors.joining(", ")),
                description(each)));
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

  private static void row(StringBuilder page, String first, String second) {
    page.append(
        "| %s | %s |\n".formatted(first.replace("|", "\\|"), second.replace("|", "\\|").strip()));
  }
}
