// Pictures on canvases, values in [0, 1], pixel after pixel, of each its channels; and pointers on them.

const GREATEST_SIDE = 280;

function showImage(canvas, pixels, { width, height, channels }) {
  canvas.width = width;
  canvas.height = height;
  const picture = canvas.getContext("2d").createImageData(width, height);
  const step = channels === 1 ? 0 : 1; // From red to green to blue.
  for (let i = 0; i < width * height; i++) {
    for (let colour = 0; colour < 3; colour++) {
      picture.data[4 * i + colour] = Math.round(255 * pixels[i * channels + colour * step]);
    }
    picture.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

// A canvas many times as large.
function enlarged(canvas) {
  const scale = Math.max(1, Math.round(GREATEST_SIDE / Math.max(canvas.width, canvas.height)));
  const large = document.createElement("canvas");
  large.width = canvas.width * scale;
  large.height = canvas.height * scale;
  const g = large.getContext("2d");
  g.imageSmoothingEnabled = false;
  g.drawImage(canvas, 0, 0, large.width, large.height);
  return large;
}

// Where a pointer is on a canvas, from 0 to 1: from the left, and from the top.
function shareOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

// A pointer that goes down, moves while it is held, or moves while it is not.
function onDrag(canvas, down, move, hover = () => {}) {
  let held = false;
  canvas.addEventListener("pointerdown", (event) => {
    held = true;
    canvas.setPointerCapture(event.pointerId);
    down(event);
  });
  canvas.addEventListener("pointermove", (event) => (held ? move : hover)(event));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { held = false; });
}
