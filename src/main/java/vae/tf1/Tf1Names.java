package vae.tf1;

/** The names that TF1 gave to the tutorial's graph: a contract with every other program. */
public final class Tf1Names {
  // Inputs, outputs and the training step.
  public static final String X = "X";
  public static final String EPSILON = "epsilon";
  public static final String Z_MEAN = "z_mean";
  public static final String Z_STD = "z_std";
  public static final String RECON = "recon";
  public static final String LOSS = "loss";
  public static final String RMSPROP_TRAIN_OP = "RMSProp";
  public static final String ADAM_TRAIN_OP = "Adam";
  public static final String NOISE_INPUT = "noise_input";
  public static final String GENERATE = "generate";

  // Signatures, and what callers name their tensors; GENERATE is the third signature.
  public static final String SERVING_DEFAULT = "serving_default";
  public static final String ENCODE = "encode";
  public static final String IMAGE = "image";
  public static final String NOISE = "noise";
  public static final String CODE = "code";

  // Variables, in the order in which the tutorial creates them.
  public static final String ENCODER_H1 = "Variable";
  public static final String Z_MEAN_WEIGHTS = "Variable_1";
  public static final String Z_STD_WEIGHTS = "Variable_2";
  public static final String DECODER_H1 = "Variable_3";
  public static final String DECODER_OUT = "Variable_4";
  public static final String ENCODER_B1 = "Variable_5";
  public static final String Z_MEAN_BIASES = "Variable_6";
  public static final String Z_STD_BIASES = "Variable_7";
  public static final String DECODER_B1 = "Variable_8";
  public static final String DECODER_OUT_BIASES = "Variable_9";

  // What follows a variable's name in the names of its two slots of RMSProp.
  public static final String MEAN_SQUARE_SLOT = "/RMSProp";
  public static final String MOMENTUM_SLOT = "/RMSProp_1";

  // The same of Adam, and the powers of its two decay rates.
  public static final String FIRST_MOMENT_SLOT = "/Adam";
  public static final String SECOND_MOMENT_SLOT = "/Adam_1";
  public static final String BETA1_POWER = "beta1_power";
  public static final String BETA2_POWER = "beta2_power";

  // Collections.
  public static final String TRAINABLE_VARIABLES = "trainable_variables";
  public static final String GLOBAL_VARIABLES = "variables";
  public static final String LOSSES = "losses";
  public static final String RECON_COLLECTION = "recon";
  public static final String TRAIN_OP_COLLECTION = "train_op";
  public static final String QUEUE_RUNNERS = "queue_runners";
  public static final String SUMMARIES = "summaries";

  // The input pipeline: scopes, queues, and the ops that give a batch.
  public static final String INPUT_PRODUCER = "input_producer";
  public static final String BATCH = "batch";
  public static final String FIFO_QUEUE = "fifo_queue";
  public static final String ONE_HOT = "one_hot";

  // The saver. TensorFlow-Java finds it under these names and then adds none of its own.
  public static final String SAVER_SCOPE = "save";
  public static final String SAVER_FILENAME = "filename";
  public static final String SAVER_SAVE = "control_dependency";
  public static final String SAVER_RESTORE = "restore_all";

  private Tf1Names() {}

  /** The name of an op's first output, as TF1 writes it. */
  public static String tensor(String op) {
    return op + ":0";
  }
}
