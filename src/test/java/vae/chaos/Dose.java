package vae.chaos;

import java.util.Random;

/** How much is done: all with {@code mvn -Pchaos verify}, else less. */
final class Dose {
  /** From which all chance in these tests follows. */
  static final long SEED = Long.getLong("chaos.seed", new Random().nextInt(1_000_000));

  private static final boolean FULL = Boolean.getBoolean("chaos.full");

  private Dose() {}

  static int of(int full, int small) {
    return FULL ? full : small;
  }

  /** Of a test; another gets others. */
  static Random random(Class<?> test) {
    return new Random(SEED * 31 + test.getSimpleName().hashCode());
  }
}
