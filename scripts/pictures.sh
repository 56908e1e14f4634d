#!/usr/bin/env bash
# Draws docs/images/atlas.png, explore.png and drag.gif as README names them: the map of a model that `train --seed 1`
# made, its page in Chromium, and that page while z walks from digit to digit; and tensorboard.png, a training in
# TensorBoard. Needs scripts/setup-python.sh.
# Usage: scripts/pictures.sh [MODEL]   (without one it is trained first: two minutes)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
model=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$model" ]; then
  model=$work/models
  "$root/scripts/vae" train --seed 1 --mnist "$root/mnist" --saved-model "$model"
fi
"$root/scripts/vae" atlas --saved-model "$model" --out "$root/docs/images/atlas.png"
"$root/scripts/vae" explore --saved-model "$model" --mnist "$root/mnist" --export "$work/page.html"
shot() { # a picture of the page at a z
  chromium --headless --no-sandbox --hide-scrollbars --window-size=1240,"${3:-850}" --virtual-time-budget=10000 \
    --screenshot="$2" "file://$work/page.html$1" 2>/dev/null
}
shot '' "$root/docs/images/explore.png"
# A round about the middle, 2.1 standard deviations wide.
for i in $(seq -w 0 23); do
  shot "$(awk -v i="$i" 'BEGIN { t = i * 6.283185 / 24; printf "#z=%.3f,%.3f", 2.1 * cos(t), 2.1 * sin(t) }')" "$work/frame-$i.png" 780
done
"$root/scripts/.venv/bin/python" - "$work" "$root/docs/images/drag.gif" <<'PYTHON'
import pathlib, sys
from PIL import Image
frames = [Image.open(file).convert('RGB').resize((744, 468), Image.LANCZOS).quantize(255, Image.Quantize.FASTOCTREE)
          for file in sorted(pathlib.Path(sys.argv[1]).glob('frame-*.png'))]
frames[0].save(sys.argv[2], save_all=True, append_images=frames[1:], duration=160, loop=0, optimize=True)
PYTHON

# A training in TensorBoard.
(cd "$work" && "$root/scripts/vae" train --seed 1 --steps 6000 --log-every 100 --validation 5000 --mnist "$root/mnist" \
  --saved-model logged --tensorboard runs/seed-1)
(cd "$work" && exec "$root/scripts/.venv/bin/tensorboard" --logdir runs --port 6123) >"$work/log" 2>&1 &
board=$!
trap 'kill "$board"; rm -rf "$work"' EXIT
until curl -sf localhost:6123 >"$work/answer"; do sleep 1; done
chromium --headless --no-sandbox --hide-scrollbars --window-size=1060,770 --virtual-time-budget=60000 \
  --screenshot="$root/docs/images/tensorboard.png" 'http://localhost:6123/?darkMode=false#scalars' 2>/dev/null
