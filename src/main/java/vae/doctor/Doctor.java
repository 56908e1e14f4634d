package vae.doctor;

import java.io.IOException;
import java.util.Optional;
import vae.config.Device;

/** Looks at what this program runs on, and whether it can compute there. */
public final class Doctor {
  private Doctor() {}

  /**
   * Looks at all there is, a section after the other.
   *
   * @param asked the device that was asked for
   * @param verbose whether TensorFlow may say what it likes
   * @param listener is told at once what is found, since a library may end the program
   */
  public static DoctorReport examine(Device asked, boolean verbose, DoctorListener listener)
      throws IOException {
    var report = new DoctorReport(listener);
    SystemChecks.tell(report);
    boolean startable = CpuChecks.tell(report);
    RoomChecks.tell(report);
    CpuChecks.threads(report);
    boolean started = TensorFlowChecks.tell(report, startable, asked, verbose);
    Optional<Device> device = CudaChecks.tell(report, started, asked);
    if (started) {
      TrainingChecks.tell(report, device.orElse(Device.CPU), asked);
    }
    return report;
  }
}
