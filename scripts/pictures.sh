#!/usr/bin/env bash
# Draws docs/images/atlas.png and explore.png as README names them: the map of a model that `train --seed 1` made,
# and its page in Chromium.
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
chromium --headless --no-sandbox --hide-scrollbars --window-size=1240,850 --virtual-time-budget=10000 \
  --screenshot="$root/docs/images/explore.png" "file://$work/page.html"
