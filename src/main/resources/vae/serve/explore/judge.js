// Who tells of what class an image is: a classifier of one hidden layer, relu, then softmax.

class Judge {
  constructor(weights) {
    this.w = {};
    for (const [key, value] of Object.entries(weights)) this.w[key] = floats(value);
  }

  // p(class | image), of pixels in [0, 1].
  of(pixels) {
    const h = Network.affine(pixels, this.w.hidden_weights, this.w.hidden_biases).map((a) => Math.max(0, a));
    const logits = Array.from(Network.affine(h, this.w.weights, this.w.biases));
    const greatest = Math.max(...logits);
    const powers = logits.map((a) => Math.exp(a - greatest));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((a) => a / sum);
  }
}

function likeliest(p) {
  return p.indexOf(Math.max(...p));
}
