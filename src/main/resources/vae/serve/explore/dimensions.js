// The dimensions of z: two are the plane's, by choice, and the others have sliders. Of two none is left.

class Dimensions {
  static MOST_SLIDERS = 256;

  // moved is told of a z's dimension and its new value.
  constructor(model, plane, moved) {
    this.model = model;
    this.plane = plane;
    if (model.latent < 2) plane.axes = [0, 0];
    byId("axes").hidden = model.latent <= 2;
    ["axis-x", "axis-y"].forEach((id, axis) => this.buildAxis(byId(id), axis));
    this.rows = Array.from({ length: Math.min(model.latent, Dimensions.MOST_SLIDERS) },
      (_, k) => this.buildRow(k, moved));
    byId("sliders").append(...this.rows.map((row) => row.label));
    if (model.latent > this.rows.length) {
      byId("more").textContent = `z${this.rows.length + 1} to z${model.latent} have no slider: the plane's axes move them, or a z that is typed.`;
    }
    this.arrange();
  }

  buildAxis(select, axis) {
    for (let k = 0; k < this.model.latent; k++) select.append(new Option(`z${k + 1}`, k, false, k === axis));
    select.addEventListener("change", () => {
      const { axes } = this.plane;
      const chosen = Number(select.value);
      if (axes[1 - axis] === chosen) axes[1 - axis] = axes[axis]; // The two change places.
      axes[axis] = chosen;
      this.arrange();
      this.plane.resize();
    });
  }

  buildRow(k, moved) {
    const { reach } = this.model;
    const label = document.createElement("label");
    const slider = Object.assign(document.createElement("input"),
      { type: "range", min: -reach, max: reach, step: reach / 400, value: 0 });
    slider.addEventListener("input", () => moved(k, Number(slider.value)));
    const output = document.createElement("output");
    label.append(`z${k + 1}`, slider, output);
    return { label, slider, output };
  }

  // What the plane shows needs no slider, unless it is all that there is.
  arrange() {
    const { axes } = this.plane;
    byId("axis-x").value = axes[0];
    byId("axis-y").value = axes[1];
    this.rows.forEach(({ label }, k) => { label.hidden = this.model.latent > 1 && axes.includes(k); });
    byId("sliders").hidden = this.rows.every(({ label }) => label.hidden);
  }

  show(z) {
    this.rows.forEach(({ label, slider, output }, k) => {
      if (label.hidden) return;
      slider.value = z[k];
      output.textContent = z[k].toFixed(2);
    });
  }
}
