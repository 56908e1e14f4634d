// A pad to draw on, and what is drawn made as MNIST's digits are: fitted into 20 × 20 pixels, and put into
// 28 × 28 with the centre of its mass in the middle.

class Pad {
  static SIDE = 28;
  static PIXELS = 784;

  // mark shows where the pen is.
  constructor(canvas, mark, changed) {
    this.canvas = canvas;
    this.g = canvas.getContext("2d", { willReadFrequently: true });
    this.mark = mark;
    this.changed = changed;
    const at = (event) => {
      const [x, y] = shareOf(canvas, event);
      return [x * canvas.width, y * canvas.height];
    };
    onDrag(canvas, (event) => {
      this.put(at(event));
      this.stroke(this.pen);
      event.preventDefault();
    }, (event) => {
      for (const each of event.getCoalescedEvents?.().concat(event) ?? [event]) this.stroke(at(each));
    });
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.clear();
  }

  clear() {
    this.g.fillStyle = "#000";
    this.g.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.put([this.canvas.width / 2, this.canvas.height / 2]);
    this.changed(null);
  }

  // Arrow keys draw, and with Shift only move the pen.
  key(event) {
    if (!ARROWS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    const { width, height } = this.canvas;
    const [right, up] = ARROWS[event.key];
    const to = [Math.max(0, Math.min(width, this.pen[0] + right * (width / 20))),
      Math.max(0, Math.min(height, this.pen[1] - up * (height / 20)))];
    if (event.shiftKey) this.put(to);
    else this.stroke(to);
    event.preventDefault();
  }

  put(pen) {
    this.pen = pen;
    this.mark.style.left = `${(100 * pen[0]) / this.canvas.width}%`;
    this.mark.style.top = `${(100 * pen[1]) / this.canvas.height}%`;
  }

  stroke(to) {
    const g = this.g;
    g.strokeStyle = "#fff";
    g.lineWidth = this.canvas.width / 13;
    g.lineCap = "round";
    g.beginPath();
    g.moveTo(...this.pen);
    g.lineTo(...to);
    g.stroke();
    this.put(to);
    this.tell();
  }

  // Once a frame, however fast one draws.
  tell() {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.changed(this.pixels());
    });
  }

  // 784 values in [0, 1]; null if nothing is drawn.
  pixels() {
    const { width, height } = this.canvas;
    const ink = this.g.getImageData(0, 0, width, height).data;
    let [left, top, right, bottom] = [width, height, -1, -1];
    for (let i = 0; i < width * height; i++) {
      if (ink[4 * i] < 51) continue;
      left = Math.min(left, i % width);
      right = Math.max(right, i % width);
      top = Math.min(top, Math.floor(i / width));
      bottom = Math.max(bottom, Math.floor(i / width));
    }
    if (right < 0) return null;
    const [w, h] = [right - left + 1, bottom - top + 1];
    const scale = 20 / Math.max(w, h);
    const [fw, fh] = [Math.max(1, Math.round(w * scale)), Math.max(1, Math.round(h * scale))];
    const fitted = document.createElement("canvas");
    fitted.width = fw;
    fitted.height = fh;
    const f = fitted.getContext("2d", { willReadFrequently: true });
    f.imageSmoothingQuality = "high";
    f.drawImage(this.canvas, left, top, w, h, 0, 0, fw, fh);
    return Pad.centred(f.getImageData(0, 0, fw, fh).data, fw, fh);
  }

  static centred(data, width, height) {
    let [mass, x, y] = [0, 0, 0];
    for (let i = 0; i < width * height; i++) {
      mass += data[4 * i];
      x += data[4 * i] * ((i % width) + 0.5);
      y += data[4 * i] * (Math.floor(i / width) + 0.5);
    }
    const clamp = (v, most) => Math.max(0, Math.min(most, v));
    const left = clamp(Math.ceil(14 - x / mass), 28 - width);
    const top = clamp(Math.ceil(14 - y / mass), 28 - height);
    const pixels = new Float32Array(Pad.PIXELS);
    for (let i = 0; i < width * height; i++) {
      pixels[(top + Math.floor(i / width)) * 28 + left + (i % width)] = data[4 * i] / 255;
    }
    return pixels;
  }
}
