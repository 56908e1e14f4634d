package vae.doctor;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.SyntheticImages;
import vae.runtime.TensorFlowFailure;
import vae.runtime.TensorFlowStartup;
import vae.train.DivergedException;
import vae.train.ImagesInMemory;
import vae.train.MeasuredTraining;

/** The doctor's trial: a short training of the tutorial's network, on made-up images. */
final class TrainingChecks {
  private static final Seed SEED = new Seed(1);
  private static final int IMAGES = 1_024;
  private static final Length ON_CPU = new Length(20, 200);

  /** XLA's code takes over at step 2,001. */
  private static final Length ON_GPU = new Length(3_000, 5_000);

  /** So many losses are looked at; the averages are of the later half. */
  private static final int LOSSES = 200;

  /** So many first losses of CPU and GPU are compared one by one. */
  private static final int COMPARED = 20;

  /**
   * How far those may be apart, relative to the CPU's. With products whose factors were rounded to
   * 10 bits (TF32) a GPU moved them by up to 3.3e-5.
   */
  private static final double COMPARED_TOLERANCE = 1e-4;

  /**
   * How far the averages of the later half may be apart. By then single losses tell little: two
   * trainings that differ by a rounding are apart by a tenth at some step, their averages by 2e-3.
   */
  private static final double AVERAGE_TOLERANCE = 1e-2;

  private TrainingChecks() {}

  /** The steps of a trial, and of these the first, whose time is not taken. */
  private record Length(int warmup, int steps) {
    static Length on(Device device) {
      return device == Device.GPU ? ON_GPU : ON_CPU;
    }
  }

  /** Trains on the CPU, and on the GPU too where that is the device to use. */
  static void tell(DoctorReport report, Device device, Device asked) throws IOException {
    report.section("Training");
    report.add(
        Fact.of(
            "plan",
            "%s, %,d steps of %d seeded made-up images"
                .formatted(
                    NetworkShape.TUTORIAL,
                    Length.on(device).steps,
                    plan(Length.on(device)).batchSize())));
    Optional<double[]> onCpu = train(report, Device.CPU);
    if (device != Device.GPU) {
      report.add(
          Fact.of(
              "GPU",
              asked == Device.CPU
                  ? "not tried, as --device cpu asks; the CUDA path is untested here"
                  : "none; the CUDA path is untested here"));
      return;
    }
    Optional<double[]> onGpu = train(report, Device.GPU);
    if (onCpu.isPresent() && onGpu.isPresent()) {
      report.add(agreement(onCpu.get(), onGpu.get()));
    }
  }

  /** The losses by step, the first at 0; nothing if the training failed. */
  private static Optional<double[]> train(DoctorReport doctors, Device device) throws IOException {
    doctors.listener().clear();
    Length length = Length.on(device);
    DoctorListener.Training progress = doctors.listener().training(length.steps);
    String name = device.name();
    double[] losses = new double[LOSSES];
    try {
      Images images = SyntheticImages.of(IMAGES, SEED);
      MeasuredTraining measured =
          MeasuredTraining.run(
              plan(length),
              length.warmup,
              TensorFlowStartup.computation(device, Threads.auto()),
              IMAGES,
              plan -> new ImagesInMemory(images, plan.batchSize(), plan.seed()),
              report -> {
                // The trainer takes one more, whose loss is not asked for.
                if (report.step() <= LOSSES) {
                  losses[report.step() - 1] = report.loss();
                }
                if (report.step() <= length.steps) {
                  progress.step(report.step(), report.loss());
                }
              });
      progress.end();
      doctors.add(fact(name, measured));
      return Optional.of(losses);
    } catch (RuntimeException e) {
      progress.end();
      boolean isDiverged = e instanceof DivergedException;
      if (!isDiverged && !TensorFlowFailure.is(e)) {
        throw e;
      }
      doctors.add(
          Fact.of(name, "failed")
              .problem(
                  isDiverged ? Fault.DIVERGED : Fault.INTERNAL,
                  e.getMessage() + "; -v shows what TensorFlow says"));
      return Optional.empty();
    }
  }

  /** The tutorial's, but for its length; the warm-up is part of that. */
  private static TrainingPlan plan(Length length) {
    return TrainingPlan.tutorial(SEED).continued(length.steps - length.warmup, length.steps);
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
        .problemUnless(
            measured.lastLoss() < measured.firstLoss(),
            Fault.INTERNAL,
            "expected the loss to fall; this machine or library computes wrongly");
  }

  /** Whether two devices computed the same, by the losses of all steps. */
  static Fact agreement(double[] cpu, double[] gpu) {
    double first =
        IntStream.range(0, COMPARED)
            .mapToDouble(step -> apart(cpu[step], gpu[step]))
            .max()
            .orElseThrow();
    double average = apart(averageOfLaterHalf(cpu), averageOfLaterHalf(gpu));
    return Fact.of(
            "CPU and GPU",
            "first %d losses apart by up to %.1e (allowed: %.0e), later averages by %.1e (%.0e)"
                .formatted(COMPARED, first, COMPARED_TOLERANCE, average, AVERAGE_TOLERANCE),
            new TreeMap<>(Map.of("first", first, "average", average)))
        .problemUnless(
            first <= COMPARED_TOLERANCE && average <= AVERAGE_TOLERANCE,
            Fault.INTERNAL,
            "don't trust this GPU; --device cpu does without");
  }

  private static double averageOfLaterHalf(double[] losses) {
    return Arrays.stream(losses, losses.length / 2, losses.length).average().orElseThrow();
  }

  private static double apart(double cpu, double gpu) {
    return Math.abs(gpu - cpu) / Math.abs(cpu);
  }
}
