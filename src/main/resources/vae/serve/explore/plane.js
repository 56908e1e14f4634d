// The latent plane: the map of what comes out, the codes, the prior, and where z is.

const MOST_POINTS = 4000;
const UNLABELLED = "#888888";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }; // Right and up.

class Plane {
  constructor(canvas, model, atlas) {
    this.canvas = canvas;
    this.model = model;
    this.atlas = atlas;
    // Images that the model was not trained on, if the page was given any.
    this.points = model.test
      ? { means: floats(model.test.z_mean), labels: bytes(model.test.labels) }
      : atlas;
    this.axes = [0, 1];
    this.circles = model.prior && model.latent > 1;
    this.ground = document.createElement("canvas");
    new ResizeObserver(() => this.resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.resize());
  }

  resize() {
    const side = Math.max(1, Math.round(this.canvas.clientWidth * devicePixelRatio));
    this.canvas.width = this.canvas.height = this.ground.width = this.ground.height = side;
    this.paintGround();
    if (this.marks) this.paint(this.marks);
  }

  // Where a coordinate lies, from the left.
  across(v) {
    const { reach } = this.model;
    return ((v + reach) / (2 * reach)) * this.canvas.width;
  }

  // Where a z lies on the canvas.
  place(z) {
    return [this.across(z[this.axes[0]]), this.across(-z[this.axes[1]])];
  }

  // The two coordinates under a pointer.
  under(event) {
    const { reach } = this.model;
    const [x, y] = shareOf(this.canvas, event);
    const clamp = (v) => Math.max(-reach, Math.min(reach, v));
    return [clamp((2 * x - 1) * reach), clamp((1 - 2 * y) * reach)];
  }

  colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  paintGround() {
    const g = this.ground.getContext("2d");
    const side = this.ground.width;
    g.fillStyle = this.colour("--empty");
    g.fillRect(0, 0, side, side);
    if (this.model.map) this.paintMap(g, side);
    if (this.points) this.paintCodes(g);
    g.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
    g.textAlign = "center";
    if (this.circles) this.paintPrior(g, side);
    this.paintScale(g, side);
    if (this.model.map) this.paintNames(g, side);
  }

  paintMap(g, side) {
    const { side: cells, reach, noClass } = this.model.map;
    const labels = bytes(this.model.map.labels);
    const sureness = bytes(this.model.map.sureness);
    const small = document.createElement("canvas");
    small.width = small.height = cells;
    const picture = small.getContext("2d").createImageData(cells, cells);
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] === noClass) continue;
      const rgb = parseInt(this.model.colours[labels[i]].slice(1), 16);
      picture.data.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255,
        Math.max(0, (sureness[i] / 255 - 0.3) / 0.7) * 150], 4 * i);
    }
    small.getContext("2d").putImageData(picture, 0, 0);
    g.imageSmoothingEnabled = true;
    const size = (reach / this.model.reach) * side;
    g.drawImage(small, (side - size) / 2, (side - size) / 2, size, size);
  }

  paintCodes(g) {
    const { means, labels } = this.points;
    const { latent } = this.model;
    const step = Math.max(1, Math.floor(labels.length / MOST_POINTS));
    const size = (this.model.map ? 1.1 : 3) * devicePixelRatio;
    g.globalAlpha = this.model.map ? 0.45 : 0.8;
    for (let i = 0; i < labels.length; i += step) {
      const [x, y] = this.place(means.subarray(i * latent, (i + 1) * latent));
      g.fillStyle = this.model.colours[labels[i]] ?? UNLABELLED;
      g.fillRect(x - size / 2, y - size / 2, size, size);
    }
    g.globalAlpha = 1;
  }

  // The circles of radius 1, 2, … and what they hold of the prior of two dimensions, whatever the others are.
  paintPrior(g, side) {
    this.model.circles.forEach((share, i) => {
      const r = this.across(i + 1) - side / 2;
      g.globalAlpha = 0.6;
      g.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
      this.stroke(g, 1, "--ink", () => g.arc(side / 2, side / 2, r, 0, 2 * Math.PI));
      g.setLineDash([]);
      g.globalAlpha = 1;
      this.write(g, share, side / 2, side / 2 + r + 14 * devicePixelRatio);
    });
  }

  stroke(g, width, colour, path) {
    g.lineWidth = width * devicePixelRatio;
    g.strokeStyle = this.colour(colour);
    g.beginPath();
    path();
    g.stroke();
  }

  // Text that can be read on any colour.
  write(g, text, x, y) {
    g.lineWidth = 4 * devicePixelRatio;
    g.lineJoin = "round";
    g.strokeStyle = this.colour("--card");
    g.fillStyle = this.colour("--ink");
    g.strokeText(text, x, y);
    g.fillText(text, x, y);
  }

  paintScale(g, side) {
    for (let i = -3; i <= 3; i++) {
      const v = (i * this.model.reach) / 4;
      const text = (number) => String(Number(number.toPrecision(3))).replace("-", "−");
      this.write(g, text(v), this.across(v), side - 6 * devicePixelRatio);
      const left = Math.max(10, 4 * text(-v).length) * devicePixelRatio;
      if (i !== -3) this.write(g, text(-v), left, this.across(v) + 4 * devicePixelRatio);
    }
  }

  paintNames(g, side) {
    g.font = `600 ${Math.max(15 * devicePixelRatio, side / 26)}px system-ui, sans-serif`;
    g.textBaseline = "middle";
    this.atlas.classes.forEach(({ name, z, share }) => {
      if (share === 0) return; // Nowhere does it come out.
      this.write(g, name, ...this.place(z));
    });
    g.textBaseline = "alphabetic";
  }

  // What moves: z, the pins and the way between them, the ellipse of a posterior.
  paint(marks) {
    this.marks = marks;
    const g = this.canvas.getContext("2d");
    g.drawImage(this.ground, 0, 0);
    const unit = devicePixelRatio;
    if (marks.posterior) this.paintPosterior(g, marks.posterior, unit);
    if (marks.pins.every(Boolean)) {
      this.stroke(g, 1, "--ink", () => {
        g.moveTo(...this.place(marks.pins[0]));
        g.lineTo(...this.place(marks.pins[1]));
      });
    }
    marks.pins.forEach((pin, i) => {
      if (pin) this.paintPin(g, this.place(pin), "AB"[i], unit);
    });
    const [x, y] = this.place(marks.z);
    const cross = () => {
      g.arc(x, y, 7 * unit, 0, 2 * Math.PI);
      for (const [dx, dy] of Object.values(ARROWS)) {
        g.moveTo(x + 7 * dx * unit, y + 7 * dy * unit);
        g.lineTo(x + 13 * dx * unit, y + 13 * dy * unit);
      }
    };
    this.stroke(g, 4, "--card", cross);
    this.stroke(g, 2, "--ink", cross);
  }

  paintPosterior(g, posterior, unit) {
    const [x, y] = this.place(posterior.mean);
    const scale = this.canvas.width / (2 * this.model.reach);
    // Two standard deviations, and never too small to see.
    const [width, height] = this.axes.map((axis) => Math.max(3 * unit, 2 * posterior.std[axis] * scale));
    this.stroke(g, 1.5, "--ink", () => g.ellipse(x, y, width, height, 0, 0, 2 * Math.PI));
    g.font = `${12 * unit}px system-ui, sans-serif`;
    g.textAlign = x < this.canvas.width * 0.8 ? "left" : "right"; // So that it stays on the plane.
    this.write(g, "yours", x + (g.textAlign === "left" ? 10 : -10) * unit, y - 10 * unit);
  }

  paintPin(g, [x, y], name, unit) {
    g.fillStyle = this.colour("--ink");
    g.beginPath();
    g.arc(x, y, 9 * unit, 0, 2 * Math.PI);
    g.fill();
    g.fillStyle = this.colour("--card");
    g.font = `600 ${11 * unit}px system-ui, sans-serif`;
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.fillText(name, x, y);
    g.textBaseline = "alphabetic";
  }
}
