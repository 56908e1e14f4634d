// A network that this page can't compute: the server decodes, one z at a time.

class RemoteNetwork {
  static PATIENCE = 15000;

  constructor(model) {
    this.server = model.server;
    this.size = model.image.width * model.image.height * model.image.channels;
    this.turn = Promise.resolve(); // When the last answer has come.
    this.wanted = null;
    this.showing = false;
  }

  // Shows the picture of a z. While one is under way only the newest z waits.
  async show(z, shown, failed) {
    this.wanted = { z, shown, failed };
    if (this.showing) return;
    this.showing = true;
    while (this.wanted) {
      const next = this.wanted;
      this.wanted = null;
      try {
        next.shown(await this.decode(next.z));
      } catch (failure) {
        next.failed(failure.message);
      }
    }
    this.showing = false;
  }

  // x̂ in [0, 1] of a z, when those asked for before have come.
  decode(z) {
    const answer = this.turn.then(() => this.ask(z));
    this.turn = answer.catch(() => {});
    return answer;
  }

  // All that the model is fed.
  request(z) {
    const { signature, noise, shape, inputs } = this.server;
    return { signature_name: signature, inputs: { ...inputs, [noise]: [RemoteNetwork.nested(z, shape)] } };
  }

  async ask(z) {
    const answer = await this.post(JSON.stringify(this.request(z)));
    const text = await answer.text();
    const body = RemoteNetwork.parsed(text);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}: ${body.error}`);
    const outputs = Array.isArray(body.outputs) ? body.outputs : body.outputs[this.server.image];
    const pixels = outputs.flat(Infinity);
    if (pixels.length !== this.size) {
      throw new Error(`expected ${this.size} values, found ${pixels.length}: load this page again, the model is another`);
    }
    const { black, white } = this.server;
    return Float32Array.from(pixels, (v) => Math.max(0, Math.min(1, (v - black) / (white - black))));
  }

  async post(body) {
    try {
      return await fetch(this.server.url, { method: "POST", body, signal: AbortSignal.timeout(RemoteNetwork.PATIENCE) });
    } catch (failure) {
      throw new Error(failure.name === "TimeoutError"
        ? "the server took too long" : "the server does not answer: has it been stopped?");
    }
  }

  static parsed(text) {
    try {
      return JSON.parse(text);
    } catch (failure) {
      throw new Error(/NaN|Infinity/.test(text)
        ? "the model gives pixels that are no numbers" : `the server's answer can't be read: ${failure.message}`);
    }
  }

  // A row of values as arrays of a shape.
  static nested(values, shape) {
    if (shape.length < 2) return values;
    const size = values.length / shape[0];
    return Array.from({ length: shape[0] }, (_, i) =>
      RemoteNetwork.nested(values.slice(i * size, (i + 1) * size), shape.slice(1)));
  }
}
