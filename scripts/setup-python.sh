#!/usr/bin/env bash
# Makes scripts/.venv, the virtual environment that the Python scripts here run in, and prints the
# path of its Python. Progress goes to standard error, so that this works:
#
#   "$(scripts/setup-python.sh)" scripts/dev/tutorial_tf1.py --steps 1000
#
# A complete environment is left alone; a half-made, moved or outdated one is made anew. It needs
# about 1.4 GB of disk and, the first time, the network.
# $PYTHON names the Python to build on; without it, the newest of 3.9 to 3.12 on the path is taken.
# Exit code: 0 done; 3 no suitable Python, or venv or pip failed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$here/.venv
requirements=$here/requirements.txt
without=$here/requirements-no-deps.txt
stamp=$venv/complete # written last: an environment without it was never finished

say() { printf '%s\n' "setup-python.sh: $*" >&2; }
fail() {
  say "$*"
  exit 3
}

# The stamp's content. The path is part of it: the commands in .venv/bin hold it, so a moved
# environment is broken.
checksum() { (printf '%s\n' "$venv" && cat "$requirements" "$without") | cksum; }

is_complete() {
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(checksum)" ] &&
    "$venv/bin/python" -c 'import numpy' 2>/dev/null
}

# TensorFlow 2.18 has wheels for Python 3.9 to 3.12.
is_suitable() {
  "$1" -c 'import sys; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null
}

choose_python() {
  local candidate without_venv=
  if [ -n "${PYTHON-}" ] && ! is_suitable "$PYTHON"; then
    say "PYTHON=$PYTHON: expected Python 3.9 to 3.12, found another or none; looking further"
  fi
  for candidate in ${PYTHON:+"$PYTHON"} python3.12 python3.11 python3.10 python3.9 python3; do
    is_suitable "$candidate" || continue
    if "$candidate" -c 'import venv, ensurepip' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
    without_venv=$candidate
  done
  if [ -n "$without_venv" ]; then
    fail "$without_venv: expected its venv module with pip, found none: apt install python3-venv"
  fi
  fail "expected Python 3.9 to 3.12 as \$PYTHON, python3.12 ... python3.9 or python3, found none"
}

if ! is_complete; then
  python=$(choose_python)
  say "making $venv with $python ($("$python" -V 2>&1))"
  rm -rf "$venv"
  "$python" -m venv "$venv" >&2 ||
    fail "$python -m venv failed (see above); on Debian and Ubuntu: apt install python3-venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" >&2 ||
    fail "pip could not install $requirements (see above)"
  # tf_keras asks for a TensorFlow by another name than the CPU's.
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$without" >&2 ||
    fail "pip could not install $without (see above)"
  checksum >"$stamp"
fi
printf '%s\n' "$venv/bin/python"
