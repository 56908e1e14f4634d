package vae.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Device;

/** {@code doctor}: what this program runs on, and whether it can compute there. */
@Command(
    name = "doctor",
    description =
        "Look at Java, the machine, TensorFlow's library and GPUs, train for a moment, and say what"
            + " is wrong and what to do. A missing tool is no failure.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private DeviceOption deviceOption;

  @Option(names = "--json", description = "Write JSON for programs.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    var report = new DoctorReport(json);
    Device asked = deviceOption.asked();
    JavaChecks.tell(report);
    SystemChecks.tell(report);
    boolean startable = CpuChecks.tell(report);
    RoomChecks.tell(report);
    ThreadChecks.tell(report);
    boolean started = TensorFlowChecks.tell(report, startable, asked, deviceOption.verbose());
    Optional<Device> device = CudaChecks.tell(report, started, asked);
    if (started) {
      TrainingChecks.tell(report, device.orElse(Device.CPU), asked);
    }
    report.finish();
    return report.exitCode();
  }
}
