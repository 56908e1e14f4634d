// The tutorial's network, computed here: tanh, z_mean and z_std; tanh, sigmoid.

function floats(base64) {
  return new Float32Array(bytes(base64).buffer);
}

function bytes(base64) {
  const text = atob(base64);
  const array = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) array[i] = text.charCodeAt(i);
  return array;
}

class Network {
  constructor(model) {
    this.w = {};
    for (const [key, value] of Object.entries(model.network.weights)) this.w[key] = floats(value);
  }

  // b + x·W, W of [inputs, outputs] row by row.
  static affine(x, weights, biases) {
    const outputs = biases.length;
    const sums = Float32Array.from(biases);
    for (let i = 0; i < x.length; i++) {
      if (x[i] === 0) continue;
      const row = i * outputs;
      for (let j = 0; j < outputs; j++) sums[j] += x[i] * weights[row + j];
    }
    return sums;
  }

  // Shows the picture of a z, at once.
  show(z, shown) {
    shown(this.decode(z));
  }

  // x̂ in [0, 1] of a z.
  decode(z) {
    const h = Network.affine(z, this.w.decoder_h1, this.w.decoder_b1).map(Math.tanh);
    return Network.affine(h, this.w.decoder_out, this.w.decoder_out_biases).map((a) => 1 / (1 + Math.exp(-a)));
  }

  // The posterior of an image; std is a standard deviation (the model's z_std is a log-variance).
  encode(x) {
    const h = Network.affine(x, this.w.encoder_h1, this.w.encoder_b1).map(Math.tanh);
    const zStd = Network.affine(h, this.w.z_std_weights, this.w.z_std_biases);
    return {
      mean: Network.affine(h, this.w.z_mean_weights, this.w.z_mean_biases),
      std: zStd.map((s) => Math.exp(s / 2)),
    };
  }
}

function gaussian() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
