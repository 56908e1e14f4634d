#!/usr/bin/env bash
# Draws docs/images/atlas.png as README names it: the map of a model that `train --seed 1` made.
# Usage: scripts/pictures.sh [MODEL]   (without one it is trained first: two minutes)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
model=${1:-}
if [ -z "$model" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  model=$work/models
  "$root/scripts/vae" train --seed 1 --mnist "$root/mnist" --saved-model "$model"
fi
"$root/scripts/vae" atlas --saved-model "$model" --out "$root/docs/images/atlas.png"
