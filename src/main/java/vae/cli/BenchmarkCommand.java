package vae.cli;

import picocli.CommandLine.Command;

/** {@code benchmark}: what this program takes for its parts, for scripts/benchmark to compare. */
@Command(
    name = "benchmark",
    description =
        "Measure this program. The last line of standard output is JSON."
            + " scripts/benchmark runs it in turn with other programs.",
    synopsisSubcommandLabel = "(train | infer)",
    subcommands = {BenchmarkTrainCommand.class, BenchmarkInferCommand.class})
final class BenchmarkCommand extends HelpOption {}
