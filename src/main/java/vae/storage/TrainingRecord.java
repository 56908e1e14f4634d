package vae.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.RmsPropSettings;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;

/**
 * How a model was trained: all on which the bytes of its variables depend, but the machine.
 *
 * @param plan what was computed
 * @param threads how many computed it
 * @param oneDnn whether TensorFlow used oneDNN's products
 * @param device where it was computed
 * @param images what it was trained on
 * @param step the last step taken
 * @param loss of that step's batch, before its update, nats an image
 */
public record TrainingRecord(
    TrainingPlan plan,
    Threads threads,
    boolean oneDnn,
    Device device,
    TrainedImages images,
    int step,
    float loss) {

  /**
   * The same training after another step.
   *
   * @param taken the last step taken
   * @param itsLoss the loss of that step's batch
   */
  public TrainingRecord at(int taken, float itsLoss) {
    return new TrainingRecord(plan, threads, oneDnn, device, images, taken, itsLoss);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", step);
    json.put("loss", loss);
    json.put("seed", plan.seed().value());
    json.put("threads", threads.count());
    json.put("onednn", oneDnn);
    json.put("device", device.name());
    json.put("options", options());
    json.put("data", images.toJson());
    return json;
  }

  private Map<String, Object> options() {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("input", plan.shape().input());
    options.put("hidden", plan.shape().hidden());
    options.put("latent", plan.shape().latent());
    options.put("formula", plan.loss().name());
    options.put("learning_rate", plan.optimizer().learningRate());
    options.put("decay", plan.optimizer().decay());
    options.put("momentum", plan.optimizer().momentum());
    options.put("epsilon", plan.optimizer().epsilon());
    options.put("steps", plan.steps());
    options.put("batch_size", plan.batchSize());
    options.put("log_every", plan.logEvery());
    return options;
  }

  static TrainingRecord of(JsonFields json) {
    JsonFields options = json.object("options");
    var plan =
        new TrainingPlan(
            new NetworkShape(
                options.number("input").intValue(),
                options.number("hidden").intValue(),
                options.number("latent").intValue()),
            options.constant("formula", LossFormula.class),
            new RmsPropSettings(
                options.number("learning_rate").floatValue(),
                options.number("decay").floatValue(),
                options.number("momentum").floatValue(),
                options.number("epsilon").floatValue()),
            options.number("steps").intValue(),
            options.number("batch_size").intValue(),
            options.number("log_every").intValue(),
            new Seed(json.number("seed").longValue()));
    return new TrainingRecord(
        plan,
        new Threads(json.number("threads").intValue()),
        json.truth("onednn"),
        json.constant("device", Device.class),
        TrainedImages.of(json.object("data")),
        json.number("step").intValue(),
        json.number("loss").floatValue());
  }
}
