package vae.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import vae.doctor.DoctorListener;
import vae.doctor.DoctorReport;

/** The doctor's report on standard output: lines for people, or one object for programs. */
final class DoctorOutput implements DoctorListener {
  /** In ASCII: it is read the same whatever the terminal's or the pipe's encoding. */
  private static final JSON ASCII =
      JSON.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()).build();

  private final boolean json;
  private final TerminalLine progress = new TerminalLine();

  /** One for programs, or one for people. */
  DoctorOutput(boolean json) {
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

  /** Says how it stands altogether. */
  void finish(DoctorReport report, int exitCode) throws IOException {
    clear();
    line(report.summary());
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("exit_code", exitCode);
      all.putAll(report.json());
      System.out.println(ASCII.asString(all));
    }
  }
}
