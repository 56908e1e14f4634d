package vae.evaluate;

/** log Σ eᵃ, a term at a time, without overflow. */
final class LogSum {
  private double most = Double.NEGATIVE_INFINITY;
  private double scaled;

  void add(double a) {
    if (a <= most) {
      scaled += Math.exp(a - most);
    } else if (a > most) {
      scaled = scaled * Math.exp(most - a) + 1;
      most = a;
    }
  }

  double value() {
    return most + Math.log(scaled);
  }
}
