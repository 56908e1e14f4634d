package vae.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.mnist.SyntheticImages;
import vae.runtime.TensorFlowFailure;
import vae.train.MeasuredTraining;
import vae.train.NonFiniteLossException;

/** The doctor's trial: a short training of the tutorial's network, on made-up images. */
final class TrainingChecks {
  private static final Seed SEED = new Seed(1);
  private static final int IMAGES = 1_024;
  private static final int STEPS = 200;
  private static final int WARMUP = 20;

  /**
   * How far the losses of CPU and GPU may be apart, relative to the CPU's. Before any update: what
   * a GPU's products leave out, whose inputs may have ten bits of mantissa (TF32). After 200
   * updates, each of which carries that on: a good deal more.
   */
  private static final double FIRST_TOLERANCE = 1e-3;

  private static final double LAST_TOLERANCE = 2e-2;

  private TrainingChecks() {}

  /** Trains on the CPU, and on the GPU too where that is the device to use. */
  static void tell(DoctorReport report, Device device, Device asked) throws IOException {
    report.section("Training");
    report.add(
        Fact.of(
            "plan",
            "%s, %d steps of %d seeded made-up images"
                .formatted(NetworkShape.TUTORIAL, STEPS, plan().batchSize())));
    Optional<MeasuredTraining> onCpu = train(report, Device.CPU);
    if (device != Device.GPU) {
      report.add(
          Fact.of(
              "GPU",
              asked == Device.CPU
                  ? "not tried, as --device cpu asks; the CUDA path is untested here"
                  : "none; the CUDA path is untested here"));
      return;
    }
    Optional<MeasuredTraining> onGpu = train(report, Device.GPU);
    if (onCpu.isPresent() && onGpu.isPresent()) {
      report.add(agreement(onCpu.get(), onGpu.get()));
    }
  }

  private static Optional<MeasuredTraining> train(DoctorReport report, Device device)
      throws IOException {
    report.clear();
    var progress = new ProgressLine(STEPS);
    String name = device.name();
    try {
      Images images = SyntheticImages.of(IMAGES, SEED);
      MeasuredTraining measured =
          MeasuredTraining.run(
              plan(),
              WARMUP,
              device,
              Threads.auto(),
              plan -> new MiniBatches(images, plan.batchSize(), plan.seed())::copyBatch,
              step -> progress.show(step.step(), step.loss()));
      progress.clear();
      report.add(fact(name, measured));
      return Optional.of(measured);
    } catch (NonFiniteLossException e) {
      progress.clear();
      report.add(failed(name, ExitCode.DIVERGED, e));
      return Optional.empty();
    } catch (RuntimeException e) {
      progress.clear();
      if (!TensorFlowFailure.is(e)) {
        throw e;
      }
      report.add(failed(name, ExitCode.INTERNAL, e));
      return Optional.empty();
    }
  }

  /** The tutorial's, but for its length; the warm-up is part of that. */
  private static TrainingPlan plan() {
    return new TrainingPlan(
        NetworkShape.TUTORIAL,
        LossFormula.TUTORIAL,
        RmsPropSettings.TUTORIAL,
        STEPS - WARMUP,
        64,
        STEPS,
        SEED);
  }

  /** What a training came to; its last loss must be below its first. */
  static Fact fact(String device, MeasuredTraining measured) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("steps_per_s", measured.stepsPerSecond());
    value.put("first_loss", measured.firstLoss());
    value.put("last_loss", measured.lastLoss());
    return Fact.of(
            device,
            "%.0f steps/s, loss %.1f at the first step, %.1f at the last"
                .formatted(measured.stepsPerSecond(), measured.firstLoss(), measured.lastLoss()),
            value)
        .with(
            Verdict.okIf(
                measured.lastLoss() < measured.firstLoss(),
                Verdict.problem(
                    ExitCode.INTERNAL,
                    "expected the loss to fall; this machine or library computes wrongly")));
  }

  /** Whether two devices computed the same. */
  static Fact agreement(MeasuredTraining cpu, MeasuredTraining gpu) {
    double first = apart(cpu.firstLoss(), gpu.firstLoss());
    double last = apart(cpu.lastLoss(), gpu.lastLoss());
    return Fact.of(
            "CPU and GPU",
            "first losses apart by %.1e, of which %.0e is allowed; last by %.1e, of %.0e"
                .formatted(first, FIRST_TOLERANCE, last, LAST_TOLERANCE),
            Map.of("first", first, "last", last))
        .with(
            Verdict.okIf(
                first <= FIRST_TOLERANCE && last <= LAST_TOLERANCE,
                Verdict.problem(
                    ExitCode.INTERNAL, "don't trust this GPU; --device cpu does without")));
  }

  private static double apart(float cpu, float gpu) {
    return Math.abs(gpu - cpu) / Math.abs(cpu);
  }

  private static Fact failed(String device, int exitCode, RuntimeException e) {
    return Fact.of(device, "failed")
        .with(Verdict.problem(exitCode, e.getMessage() + "; -v shows what TensorFlow says"));
  }
}
