package vae.latent;

/** Is told how far a long computation has come, on the thread that asked for it. */
@FunctionalInterface
public interface Progress {
  /** Called every now and then. */
  void done(int parts, int of);
}
