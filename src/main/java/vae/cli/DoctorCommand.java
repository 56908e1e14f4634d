package vae.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.doctor.Doctor;
import vae.doctor.DoctorReport;
import vae.doctor.Fault;

/** {@code doctor}: what this program runs on, and whether it can compute there. */
@Command(
    name = "doctor",
    description =
        "Check Java, the machine, TensorFlow's library and GPUs, and train for a moment."
            + " Say what is wrong and what to do. A missing tool is not a failure.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private DeviceOption deviceOption;

  @Option(names = "--json", description = "Write JSON for programs.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    var output = new DoctorOutput(json);
    DoctorReport report = Doctor.examine(deviceOption.asked(), deviceOption.verbose(), output);
    int exitCode = report.fault().map(DoctorCommand::exitCode).orElse(ExitCode.OK);
    output.finish(report, exitCode);
    return exitCode;
  }

  private static int exitCode(Fault fault) {
    return switch (fault) {
      case INTERNAL -> ExitCode.INTERNAL;
      case OUTPUT -> ExitCode.OUTPUT;
      case DEVICE -> ExitCode.DEVICE;
      case DIVERGED -> ExitCode.DIVERGED;
    };
  }
}
