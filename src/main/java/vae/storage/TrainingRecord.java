package vae.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import vae.config.AdamSettings;
import vae.config.Computation;
import vae.config.Device;
import vae.config.LossFormula;
import vae.config.NetworkShape;
import vae.config.Objective;
import vae.config.OptimizerSettings;
import vae.config.RmsPropSettings;
import vae.config.Schedule;
import vae.config.Seed;
import vae.config.Threads;
import vae.config.TrainingPlan;
import vae.files.JsonFields;

/**
 * How a model was trained: all on which the bytes of its variables depend, but the machine.
 *
 * @param plan what was computed
 * @param computation how
 * @param images what it was trained on
 * @param step the last step taken
 * @param loss of that step's batch, before its update, nats an image
 */
public record TrainingRecord(
    TrainingPlan plan, Computation computation, TrainedImages images, int step, float loss) {
  private static final String RMSPROP = "RMSProp";
  private static final String ADAM = "Adam";

  /**
   * The same training after another step.
   *
   * @param taken the last step taken
   * @param itsLoss the loss of that step's batch
   */
  public TrainingRecord at(int taken, float itsLoss) {
    return new TrainingRecord(plan, computation, images, taken, itsLoss);
  }

  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", step);
    json.put("loss", loss);
    json.put("seed", plan.seed().value());
    json.put("threads", computation.threads().count());
    json.put("onednn", computation.oneDnn());
    json.put("device", computation.device().name());
    json.put("tf32", computation.tf32());
    json.put("xla", computation.xla());
    json.put("options", options());
    json.put("data", images.toJson());
    return json;
  }

  private Map<String, Object> options() {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("input", plan.shape().input());
    options.put("hidden", plan.shape().hidden());
    options.put("latent", plan.shape().latent());
    options.put("formula", plan.objective().formula().name());
    options.put("beta", plan.objective().beta());
    options.putAll(optimizer());
    options.put("schedule", plan.schedule().name());
    options.put("binarised", plan.binarised());
    options.put("steps", plan.steps());
    options.put("batch_size", plan.batchSize());
    options.put("log_every", plan.logEvery());
    return options;
  }

  private Map<String, Object> optimizer() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("learning_rate", plan.optimizer().learningRate());
    return plan.optimizer()
        .map(
            rmsProp -> {
              fields.put("optimizer", RMSPROP);
              fields.put("decay", rmsProp.decay());
              fields.put("momentum", rmsProp.momentum());
              fields.put("epsilon", rmsProp.epsilon());
              return fields;
            },
            adam -> {
              fields.put("optimizer", ADAM);
              fields.put("beta1", adam.beta1());
              fields.put("beta2", adam.beta2());
              fields.put("epsilon", adam.epsilon());
              return fields;
            });
  }

  private static OptimizerSettings optimizer(JsonFields options) {
    float learningRate = options.real("learning_rate");
    float epsilon = options.real("epsilon");
    // Records from before there was a choice tell of none.
    String name = options.has("optimizer") ? options.text("optimizer") : RMSPROP;
    return switch (name) {
      case ADAM ->
          new AdamSettings(learningRate, options.real("beta1"), options.real("beta2"), epsilon);
      case RMSPROP ->
          new RmsPropSettings(
              learningRate, options.real("decay"), options.real("momentum"), epsilon);
      default ->
          throw new IllegalArgumentException(
              "optimizer: expected %s or %s, found %s".formatted(RMSPROP, ADAM, name));
    };
  }

  public static TrainingRecord of(JsonFields json) {
    JsonFields options = json.object("options");
    var plan =
        new TrainingPlan(
            new NetworkShape(
                options.integer("input"), options.integer("hidden"), options.integer("latent")),
            new Objective(
                options.constant("formula", LossFormula.class),
                options.has("beta") ? options.real("beta") : 1),
            optimizer(options),
            options.has("schedule")
                ? options.constant("schedule", Schedule.class)
                : Schedule.CONSTANT,
            options.flag("binarised"),
            options.integer("steps"),
            options.integer("batch_size"),
            options.integer("log_every"),
            new Seed(json.number("seed").longValue()));
    return new TrainingRecord(
        plan,
        new Computation(
            json.constant("device", Device.class),
            new Threads(json.integer("threads")),
            json.truth("onednn"),
            json.flag("tf32"),
            json.flag("xla")),
        TrainedImages.of(json.object("data")),
        json.integer("step"),
        json.real("loss"));
  }
}
