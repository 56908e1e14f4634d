#!/usr/bin/env bash
# Has a model generate a hundred of each digit, and a classifier of its own judge them.
# Usage: scripts/judge-digits.sh [MODEL [options of generate, such as --confidence 0.8]]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
model=${1:-saved_model}
shift || true
if [ ! -e "$root/scripts/.venv/complete" ]; then
  "$root/scripts/setup-python.sh"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for digit in 0 1 2 3 4 5 6 7 8 9; do
  "$root/scripts/vae" generate --saved-model "$model" --digit "$digit" --count 100 \
    --csv "$work/digit-$digit.csv" --out "$work/digit-$digit.png" "$@" >/dev/null
done
"$root/scripts/.venv/bin/python" "$root/scripts/judge_digits.py" "$work"
