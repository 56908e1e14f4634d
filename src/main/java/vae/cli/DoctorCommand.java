package vae.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.doctor.Doctor;
import vae.doctor.DoctorListener;
import vae.doctor.DoctorReport;
import vae.doctor.Fault;
import vae.report.Json;

/** {@code doctor}: what this program runs on, and whether it can compute there. */
@Command(
    name = "doctor",
    description =
        "Check Java, the machine, TensorFlow's library and GPUs, and train for a moment."
            + " Say what is wrong and what to do. A missing tool is not a failure.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Computing common;

  @Option(names = "--json", description = "Write JSON for programs.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    var output = new Output(json);
    DoctorReport report = Doctor.examine(common.asked(), common.verbose(), output);
    int exitCode = report.fault().map(DoctorCommand::exitCode).orElse(ExitCode.OK);
    output.clear();
    output.line(report.summary());
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("exit_code", exitCode);
      all.putAll(report.json());
      System.out.print(Json.ascii(all));
    }
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

  /** Lines for people on standard output, unless one object for programs is to come. */
  private static final class Output implements DoctorListener {
    private final boolean json;
    private final TerminalLine progress = new TerminalLine();

    Output(boolean json) {
      this.json = json;
    }

    @Override
    public void line(String line) {
      if (!json) {
        clear();
        System.out.println(line);
        System.out.flush();
      }
    }

    @Override
    public void busy(String what) {
      progress.write("looking at: " + what);
    }

    @Override
    public void clear() {
      progress.clear();
    }

    @Override
    public Training training(int steps) {
      var line = new ProgressLine(0, steps);
      return new Training() {
        @Override
        public void step(int step, float loss) {
          line.show(step, loss);
        }

        @Override
        public void end() {
          line.clear();
        }
      };
    }
  }
}
