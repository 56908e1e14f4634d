// The page: what is shown, and what happens when it is touched.

const byId = (id) => document.getElementById(id);

async function loadModel() {
  const inlined = byId("model");
  if (inlined) return JSON.parse(inlined.textContent);
  const answer = await fetch("model.json");
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

function shareText(share) {
  return share >= 0.001 ? `${(100 * share).toFixed(1)} %` : share.toExponential(1);
}

class Page {
  constructor(model) {
    this.network = model.network ? new Network(model) : new RemoteNetwork(model);
    this.atlas = model.codes ? new Atlas(model) : null;
    this.judge = model.judge ? new Judge(model.judge) : null;
    this.model = model;
    this.z = new Array(model.latent).fill(0);
    this.preview = null; // where the pointer is, while it only looks
    this.pins = [null, null];
    this.posterior = null;
    this.plane = new Plane(byId("plane"), model, this.atlas);
    this.dimensions = new Dimensions(model, this.plane, (k, v) => this.moveTo(this.z.map((old, i) => (i === k ? v : old))));
    const { width, height, channels } = model.image;
    this.draws = width === Pad.SIDE && height === Pad.SIDE && channels === 1 && Boolean(model.network?.encodes);
    byId("about").textContent = this.about();
    byId("lacks").textContent = this.aboutLacks();
    byId("pair").classList.toggle("fine", Math.max(width, height) > Pad.SIDE);
    byId("points").textContent = this.aboutPoints();
    byId("notes").hidden = !this.plane.points;
    const shares = model.circles.map((share) => share.replace(" %", "")); // 39, 86 and 99 %
    const circles = `Circles: ${shares.slice(0, -1).join(", ")} and ${shares.at(-1)} % of the prior.`;
    byId("circles").textContent = this.plane.circles ? circles : "";
    this.buildControls();
    this.listenToPlane();
    this.listenToPins();
    if (this.draws) this.listenToPad();
    else byId("drawing").hidden = true;
    this.moveTo(this.start());
  }

  about() {
    const { source, latent, image, network } = this.model;
    const { width, height, channels } = image;
    return network
      ? `${source}: ${latent} → ${network.hidden} → ${width * height}, computed in this browser`
      : `${source}: ${latent} → ${width} × ${height}${channels === 3 ? " in colour" : ""}, decoded by the server${this.given(", ")}`;
  }

  // What the model is fed beside z, such as a label.
  given(before) {
    const inputs = Object.entries(this.model.server?.inputs ?? {});
    return inputs.map(([name, value]) => `${before}${name}=${[value].flat(Infinity).join(",")}`).join("");
  }

  aboutLacks() {
    const lacks = [];
    if (!this.atlas) lacks.push("the map, as the model has no labelling");
    if (!this.draws) lacks.push("drawing, as this page can't encode");
    if (!this.model.prior) lacks.push("draws, as z has no prior");
    return lacks.length > 0 ? `Left out: ${lacks.join("; ")}.` : "";
  }

  // In many dimensions the centre is as far from what the prior draws as its far end is.
  start() {
    const linked = this.parsed(location.hash.replace(/^#z=/, ""));
    if (linked) return linked;
    if (this.atlas) return this.atlas.classes[0].z;
    return this.model.latent > 2 && this.model.prior ? Prior.draw(this.model.latent) : this.z;
  }

  aboutPoints() {
    const { points } = this.plane;
    if (!points) return "";
    const count = points.labels.length.toLocaleString("en");
    return `Points: ${this.model.prior ? "z_mean" : "codes"} of ${count} ${this.model.test ? "test" : "training"} images, ${
      points.labels.length > MOST_POINTS ? "some of them, " : ""}coloured by class.${
      this.model.map ? ` The ground: what comes out. In ${Math.round(100 * this.model.agreeing)} % of what the prior draws there, codes of that class lie there.` : ""}`;
  }

  buildControls() {
    this.atlas?.classes.forEach((each, label) => this.buildClass(each, label));
    const any = Object.assign(document.createElement("button"),
      { type: "button", textContent: this.atlas ? "any, from the prior" : "draw from the prior" });
    any.addEventListener("click", () => this.moveTo(Prior.draw(this.model.latent)));
    if (this.model.prior) byId("pick").append(any);
    else for (const part of document.querySelectorAll(".prior")) part.hidden = true;
    byId("title").textContent = document.title = `Which noise gives which ${this.atlas ? this.model.kind : "image"}`;
    if (!this.atlas) {
      byId("pick-what").textContent = "Give me one";
      byId("pick").hidden = !this.model.prior;
      for (const part of document.querySelectorAll(".digits")) part.hidden = true;
    }
    byId("z-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.readZ();
    });
    byId("z").addEventListener("change", () => this.readZ());
    byId("save").addEventListener("click", () => this.save());
    byId("copy").addEventListener("click", () => this.copy());
  }

  buildClass({ name, share }, label) {
    const colour = this.model.colours[label];
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    button.style.borderBottomColor = colour;
    button.setAttribute("aria-label", `a ${name}`);
    button.addEventListener("click", () => this.moveTo(this.atlas.draw(label)));
    byId("pick").append(button);
    const item = document.createElement("li");
    const swatch = document.createElement("i");
    swatch.style.background = colour;
    item.append(swatch, `${name} · ${(100 * share).toFixed(1)} %`);
    byId("legend").append(item);
    const bar = document.createElement("div");
    bar.append(document.createElement("i"), document.createElement("b"),
      Object.assign(document.createElement("span"), { textContent: name, title: name }));
    bar.firstChild.style.background = colour;
    byId("bars").append(bar);
  }

  listenToPlane() {
    const canvas = byId("plane");
    const at = (event) => {
      const z = this.z.slice();
      const [x, y] = this.plane.under(event);
      z[this.plane.axes[1]] = y;
      z[this.plane.axes[0]] = x; // The last, so that it counts where both are the one axis.
      return z;
    };
    const move = (event) => this.moveTo(at(event));
    onDrag(canvas, move, move, (event) => { if (event.pointerType === "mouse") this.look(at(event)); });
    canvas.addEventListener("pointerleave", () => this.look(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) {
      const step = (event.shiftKey ? 0.5 : 0.1) * (this.model.reach / 4);
      const z = this.z.slice();
      ARROWS[event.key].forEach((move, i) => { z[this.plane.axes[i]] += move * step; });
      this.moveTo(z);
    } else if (event.key === "Home") {
      this.moveTo(this.z.map(() => 0));
    } else if (/^[0-9]$/.test(event.key) && this.atlas?.classes[event.key]) {
      this.moveTo(this.atlas.draw(Number(event.key)));
    } else {
      return;
    }
    event.preventDefault();
  }

  listenToPins() {
    ["pin-a", "pin-b"].forEach((id, i) => byId(id).addEventListener("click", () => {
      this.pins[i] = this.z.slice();
      byId("way").disabled = byId("play").disabled = !this.pins.every(Boolean);
      this.show();
    }));
    byId("way").addEventListener("input", () => {
      this.walking = null;
      this.walkTo(Number(byId("way").value));
    });
    byId("play").addEventListener("click", () => {
      const start = performance.now();
      this.walking = start;
      const step = (now) => {
        if (this.walking !== start) return; // z was moved by hand, or a new walk has begun.
        const t = Math.min(1, (now - start) / 3000);
        byId("way").value = t;
        this.walkTo(t);
        this.walking = t < 1 ? start : null;
        if (t < 1) requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    });
  }

  walkTo(t) {
    const [a, b] = this.pins;
    const { walking } = this;
    this.moveTo(a.map((v, k) => v + t * (b[k] - v)));
    this.walking = walking;
  }

  listenToPad() {
    this.pad = new Pad(byId("pad"), byId("pen"), (pixels) => {
      this.posterior = pixels ? this.network.encode(pixels) : null;
      byId("resample").disabled = !pixels;
      byId("pad-hint").hidden = Boolean(pixels);
      for (const id of ["seen", "recon"]) byId(id).classList.toggle("none", !pixels);
      if (pixels) {
        showImage(byId("seen"), pixels, this.model.image);
        const { mean, std } = this.posterior;
        byId("posterior").textContent =
          `z_mean ${this.text(mean)}, standard deviation ${Array.from(std, (s) => s.toFixed(3)).join(", ")}`;
        this.resample();
        this.moveTo(Array.from(mean));
      } else {
        byId("posterior").textContent = "";
        for (const id of ["seen", "recon"]) byId(id).width = Pad.SIDE; // Which empties it.
        this.show();
      }
    });
    byId("clear").addEventListener("click", () => this.pad.clear());
    byId("resample").addEventListener("click", () => this.resample());
  }

  resample() {
    const { mean, std } = this.posterior;
    const z = Array.from(mean, (m, k) => m + std[k] * gaussian());
    showImage(byId("recon"), this.network.decode(z), this.model.image);
  }

  parsed(text) {
    const values = text.replaceAll("−", "-").split(/[\s,;]+/).filter(Boolean).map(Number);
    return values.length === this.model.latent && values.every(Number.isFinite) ? values : null;
  }

  readZ() {
    const values = this.parsed(byId("z").value);
    if (values) {
      this.moveTo(values);
    } else {
      this.tellOfZ(`expected ${this.model.latent} numbers, such as ${this.inShort(this.z.map(() => 0.5))}`);
    }
  }

  tellOfZ(error) {
    byId("z-error").textContent = error;
    byId("z").setAttribute("aria-invalid", error !== "");
  }

  moveTo(z) {
    this.walking = null;
    this.tellOfZ("");
    this.z = Array.from(z);
    this.preview = null;
    this.show();
  }

  look(z) {
    this.preview = z;
    this.show();
  }

  // Once a frame, however often z moves.
  show() {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.showNow(this.preview ?? this.z);
    });
  }

  showNow(z) {
    this.network.show(z, (pixels) => this.showPicture(pixels), (problem) => this.tellFailure(problem));
    this.plane.paint({ z, pins: this.pins, posterior: this.posterior });
    this.dimensions.show(z);
    if (document.activeElement !== byId("z")) byId("z").value = this.text(z);
    byId("norm").textContent = Math.sqrt(Prior.squaredNorm(z)).toFixed(2);
    const beyond = Prior.shareBeyond(z);
    byId("beyond").textContent = shareText(beyond);
    byId("command").textContent = `scripts/vae generate --z=${z.map((v) => v.toFixed(4)).join(",")}${this.given(" --input ")}`;
    const place = this.atlas?.at(z);
    byId("warning").textContent = this.model.prior && beyond < this.model.offPrior
      ? `Off the prior: only ${shareText(beyond)} of it lies as far out.`
      : place && !place.hasCodes ? "No images live here." : "";
    if (place) this.showBars(place.byCodes, "b", "neighbours");
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      const verdict = place ? `Looks like ${byId("likeliest").textContent}. ` : "";
      byId("spoken").textContent = `z ${this.inShort(z)}. ${verdict}${byId("warning").textContent}`;
      byId("digit").setAttribute("aria-label", `The decoded image. ${verdict}`.trim());
    }, 500);
  }

  showPicture(pixels) {
    showImage(byId("digit"), pixels, this.model.image);
    if (this.judge) this.showBars(this.judge.of(pixels), "i", "likeliest");
    this.tellFailure("");
  }

  tellFailure(problem) {
    byId("failure").textContent = byId("failure").title = problem;
  }

  // Of each class a probability, by the image or by the codes there.
  showBars(p, kind, name) {
    const label = likeliest(p);
    byId(name).textContent = `${this.atlas.classes[label].name} (p = ${p[label].toFixed(3)})`;
    document.querySelectorAll(`#bars ${kind}`).forEach((bar, each) => {
      bar.style.height = `calc((100% - 1.3em) * ${p[each].toFixed(3)})`;
    });
  }

  text(z) {
    return Array.from(z, (v) => v.toFixed(2)).join(", ");
  }

  // The first numbers, where there are many.
  inShort(z) {
    return z.length > 4 ? `${this.text(z.slice(0, 4))} … (${z.length} numbers)` : this.text(z);
  }

  async save() {
    try {
      this.showPicture(await this.network.decode(this.z)); // What is looked at is not what is kept.
      const link = document.createElement("a");
      link.download = `z_${this.z.slice(0, 8).map((v) => v.toFixed(2)).join("_")}.png`;
      link.href = enlarged(byId("digit")).toDataURL("image/png");
      link.click();
    } catch (failure) {
      this.tellFailure(failure.message);
    }
  }

  async copy() {
    const text = byId("command").textContent;
    try {
      await navigator.clipboard.writeText(text);
      byId("spoken").textContent = "copied";
      byId("copy").textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(byId("command")); // Not allowed to: then the user copies it.
    }
    setTimeout(() => { byId("copy").textContent = "Copy command"; }, 1500);
  }
}

loadModel().then((model) => {
  window.explorer = new Page(model);
}).catch((failure) => {
  for (const part of document.querySelectorAll("section")) part.hidden = true;
  Object.assign(byId("about"), { className: "error", role: "alert", textContent: `The model can't be shown: ${failure}` });
});
