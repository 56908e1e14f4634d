package vae.config;

/**
 * How a training is computed: beside the plan, all on which its last bits depend, but the machine.
 *
 * @param oneDnn whether TensorFlow takes oneDNN's products on the CPU
 * @param tf32 whether a GPU's products may round their factors to 10 bits
 * @param xla whether XLA compiles the step, which it does on GPUs
 */
public record Computation(
    Device device, Threads threads, boolean oneDnn, boolean tf32, boolean xla) {
  /** As a person would say it, but for the threads. */
  @Override
  public String toString() {
    return device + (device == Device.GPU && !xla ? " without XLA" : "") + (tf32 ? ", TF32" : "");
  }
}
