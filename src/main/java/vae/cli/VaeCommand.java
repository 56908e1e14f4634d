package vae.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import vae.runtime.TensorFlowStartup;

/** The program: one command a verb. */
@Command(
    name = "vae",
    description = "The TF1 tutorial's variational autoencoder on MNIST, in Java.",
    subcommands = {
      UnpackCommand.class,
      TrainCommand.class,
      GenerateCommand.class,
      WhatIsCommand.class,
      AtlasCommand.class,
      ManifoldCommand.class,
      EvaluateCommand.class,
      EncodeCommand.class,
      ReconstructCommand.class,
      InterpolateCommand.class,
      ScoreCommand.class,
      ExploreCommand.class,
      ServeCommand.class,
      InspectCommand.class,
      ImportMetaCommand.class,
      ExportMetaCommand.class,
      VerifyCommand.class,
      DoctorCommand.class,
      ProbeCommand.class,
      BenchmarkCommand.class,
      ReplayCommand.class
    },
    versionProvider = VaeCommand.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a fault of the program's own",
      "2:unknown or wrong options",
      "3:a data file is missing or corrupt",
      "4:no model, or not the model expected",
      "5:something can't be written",
      "6:the device asked for is not there",
      "7:training came to a loss that is not finite",
      "130:stopped by Ctrl-C (143: by SIGTERM)"
    })
public final class VaeCommand extends CommonOptions.Help {
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of this program, TensorFlow and Java.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it.
  private boolean version;

  /**
   * Runs one command.
   *
   * @param args as typed
   * @return the exit code
   */
  public static int run(String... args) {
    Optional<String> problem = PathArgument.problemOfFolder();
    if (problem.isPresent()) {
      return Failures.onFolder(problem.get());
    }
    try {
      int exitCode = commandLine().execute(args);
      return System.out.checkError() ? Failures.onLostOutput() : exitCode;
    } catch (LinkageError | OutOfMemoryError e) {
      return Failures.onError(e);
    }
  }

  /** What a report of a problem should name. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      // The jar's manifest holds it; classes in a folder have none.
      String version = Version.class.getPackage().getImplementationVersion();
      return new String[] {
        "vae %s, TensorFlow %s, Java %s"
            .formatted(
                Objects.requireNonNullElse(version, "from its classes"),
                TensorFlowStartup.version(),
                Runtime.version())
      };
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new VaeCommand())
        .registerConverter(Path.class, new PathArgument())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOverwrittenOptionsAllowed(true)
        .setParameterExceptionHandler(Failures::onUsage)
        .setExecutionExceptionHandler(Failures::onFailure);
  }
}
