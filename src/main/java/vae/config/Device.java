package vae.config;

/** Where TensorFlow is to compute. */
public enum Device {
  /** On a CUDA device if the library and the machine have one, else on the CPU. */
  AUTO,
  /** On the CPU, whatever else there is. */
  CPU,
  /** On a CUDA device. */
  GPU
}
