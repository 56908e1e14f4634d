#!/usr/bin/env bash
# Has models generate a hundred of each digit, and a classifier that knows none of them judge these and the map.
# Usage: scripts/judge-digits.sh [--mnist DIR] [MODEL ...]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
if [ ! -e "$root/scripts/.venv/complete" ]; then
  "$root/scripts/setup-python.sh"
fi
exec "$root/scripts/.venv/bin/python" "$root/scripts/dev/judge_digits.py" "$@"
