// What a z means: the prior, and p(class | z) by the codes of labelled images.

const Prior = {
  squaredNorm(z) {
    return z.reduce((sum, v) => sum + v * v, 0);
  },

  logDensity(z) {
    return -0.5 * (Prior.squaredNorm(z) + z.length * Math.log(2 * Math.PI));
  },

  // The share of the prior that lies farther out: chi-square's tail.
  shareBeyond(z) {
    const half = Prior.squaredNorm(z) / 2;
    const even = z.length % 2 === 0;
    let a = even ? 1 : 0.5;
    let share = even ? Math.exp(-half) : Prior.erfc(Math.sqrt(half));
    let logGamma = even ? 0 : Math.log(Math.sqrt(Math.PI) / 2);
    while (a < z.length / 2 - 0.25) {
      share += half === 0 ? 0 : Math.exp(a * Math.log(half) - half - logGamma);
      a += 1;
      logGamma += Math.log(a);
    }
    return Math.min(1, share);
  },

  erfc(x) {
    if (x < 2) {
      let term = x;
      let sum = x;
      for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
        term *= (-x * x) / n;
        sum += term / (2 * n + 1);
      }
      return 1 - (2 / Math.sqrt(Math.PI)) * sum;
    }
    let fraction = 0;
    for (let n = 60; n >= 1; n--) fraction = n / 2 / (x + fraction);
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
  },

  draw(latent) {
    return Array.from({ length: latent }, gaussian);
  },
};

class Atlas {
  constructor(model) {
    const { codes, latent } = model;
    Object.assign(this, { latent, cutoff: codes.cutoff, strayVariance: codes.strayVariance, leastRatio: codes.leastRatio });
    this.labels = bytes(codes.labels);
    this.means = floats(codes.z_mean);
    this.classes = model.classes.map((each) => ({ ...each, draws: floats(each.draws) }));
    const variances = floats(codes.z_std).map((s) => Math.exp(s) + codes.bandwidth * codes.bandwidth);
    this.precisions = variances.map((v) => 1 / v);
    this.peaks = new Float32Array(this.labels.length);
    this.shares = new Array(this.classes.length).fill(0);
    for (let i = 0; i < this.labels.length; i++) {
      let peak = 1;
      for (let k = 0; k < latent; k++) peak /= Math.sqrt(2 * Math.PI * variances[i * latent + k]);
      this.peaks[i] = peak;
      this.shares[this.labels[i]] += 1 / this.labels.length;
    }
  }

  // p(class | z) by the codes; and q(z) / p(z), how densely images are encoded there for what the prior draws there.
  at(z) {
    const density = new Array(this.classes.length).fill(0);
    const { means, precisions, latent, cutoff, strayVariance } = this;
    for (let i = 0; i < this.labels.length; i++) {
      let distance = 0;
      for (let k = 0; k < latent && distance < cutoff; k++) {
        const d = z[k] - means[i * latent + k];
        distance += d * d * precisions[i * latent + k];
      }
      if (distance < cutoff) density[this.labels[i]] += this.peaks[i] * Math.exp(-distance / 2);
    }
    // One image of unknown label, spread far wider than the prior: see the Java class ClassDensity.
    const stray = Math.exp(-Prior.squaredNorm(z) / (2 * strayVariance)) / Math.pow(2 * Math.PI * strayVariance, latent / 2);
    const sum = density.reduce((a, b) => a + b, 0);
    const byCodes = density.map((d, label) =>
      sum + stray > 0 ? (d + stray * this.shares[label]) / (sum + stray) : this.shares[label]);
    const ratio = sum / this.labels.length / Math.exp(Prior.logDensity(z));
    return { byCodes, ratio, hasCodes: ratio >= this.leastRatio };
  }

  // A z of the prior that gives a class, by its image and by the codes there: one of those brought.
  draw(label) {
    const { draws } = this.classes[label];
    const at = Math.floor(Math.random() * (draws.length / this.latent)) * this.latent;
    return Array.from(draws.subarray(at, at + this.latent));
  }
}
