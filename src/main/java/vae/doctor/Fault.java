package vae.doctor;

/** What kind of problem there is, for programs that act on it. */
public enum Fault {
  /** The program, its library or the machine is at fault. */
  INTERNAL,
  /** Something can't be written. */
  OUTPUT,
  /** The device asked for is not there. */
  DEVICE,
  /** Training came to a loss that is not finite. */
  DIVERGED
}
