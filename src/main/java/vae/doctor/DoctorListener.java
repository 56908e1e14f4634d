package vae.doctor;

/** Is told what the doctor finds as soon as it is known, and what is being waited for. */
public interface DoctorListener {
  /** Takes a line of the report, for people. */
  void line(String line);

  /** Is told what is being looked at, which may take a while. */
  void busy(String what);

  /** Makes room for what others write. */
  void clear();

  /** A training begins; what is returned is told how far it has come. */
  Training training(int steps);

  interface Training {
    /** A step was taken. */
    void step(int step, float loss);

    /** No step is to follow. */
    void end();
  }
}
