#!/usr/bin/env bash
# Checks that Python's TensorFlow reads a model of the Java program and computes the same.
#
#   scripts/cross-check.sh [MODEL]
#   scripts/cross-check.sh --values VALUES_DIR MODEL_DIR
#
# MODEL is what --saved-model takes (default: saved_model, of which the highest number is taken).
# The Java command `probe` computes values with it, and cross_check.py computes them again; with
# --values they were computed before, and Java is not needed.
# Exit code: 0 all checks passed; 1 some failed; 2 usage; 3 no Python, or the folders are
# incomplete; otherwise Maven's, where the Java command failed.
set -euo pipefail

usage() {
  printf '%s\n' "usage: cross-check.sh [MODEL] | cross-check.sh --values VALUES_DIR MODEL_DIR" >&2
  exit 2
}

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$scripts")

if [ "${1-}" = --values ]; then
  [ $# -eq 3 ] || usage
  python=$("$scripts/setup-python.sh")
  exec "$python" "$scripts/dev/cross_check.py" "$3" "$2"
fi

[ $# -le 1 ] || usage
case "${1-}" in
  -*) usage ;;
  "") model=$root/saved_model ;;
  /*) model=$1 ;;
  *) model=$PWD/$1 ;;
esac

values=$(mktemp -d)
trap 'rm -rf "$values"' EXIT
python=$("$scripts/setup-python.sh")
cd "$root"
mvn -q compile exec:java -Dexec.args="probe --saved-model '$model' --out '$values'"
"$python" "$scripts/dev/cross_check.py" "$(cat "$values/model.txt")" "$values"
