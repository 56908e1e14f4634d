#!/usr/bin/env bash
# Makes what the benchmark's peers run in: an environment of Python for each requirements/NAME.txt,
# scripts/benchmark/.venv-NAME; scripts/.venv, in which Python's TF1 runs and the picture is drawn; and
# the C program, where there is a gcc. (Deeplearning4j is built by Maven when it is first asked.)
#
#   scripts/benchmark/setup.sh [NAME...]   default: all of jax, tf, torch
#
# A complete environment is left alone; a half-made, moved or outdated one is made anew. Together
# they need 10 GB of disk, 5.4 GB of it for torch, and the first time the network. torch.compile also
# wants a C++ compiler. $PYTHON names the Python to build on; without it, python3.11 to 3.13 are
# looked for on the path (scripts/.venv wants one from 3.9 to 3.12).
# Exit code: 0 done; 2 usage; 3 no suitable Python, or venv or pip failed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf '%s\n' "setup.sh: $*" >&2; }
fail() {
  say "$*"
  exit 3
}

# numpy 2.4 takes Python 3.11 or later, tensorflow 2.21 has wheels up to 3.13.
is_suitable() {
  "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
    2>/dev/null
}

choose_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.13 python3; do
    if is_suitable "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  fail "expected Python 3.11 to 3.13 with its venv module as \$PYTHON or on the path, found none"
}

# Makes .venv-$1. Its stamp is written last: an environment without it was never finished. The path
# is part of the stamp, since the environment's commands hold it.
make_environment() {
  local name=$1 venv=$here/.venv-$1 requirements=$here/requirements/$1.txt python checksum
  checksum=$( (printf '%s\n' "$venv" && cat "$requirements") | cksum)
  if [ -f "$venv/complete" ] && [ "$(cat "$venv/complete")" = "$checksum" ] &&
    "$venv/bin/python" -c 'import numpy' 2>/dev/null; then
    say "$name: ready"
    return
  fi
  python=$(choose_python)
  say "$name: making $venv with $("$python" -V 2>&1)"
  rm -rf "$venv"
  "$python" -m venv "$venv" >&2 || fail "$name: $python -m venv failed (see above)"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" >&2 ||
    fail "$name: pip could not install $requirements (see above)"
  printf '%s\n' "$checksum" >"$venv/complete"
}

for name in "$@"; do
  if [ ! -f "$here/requirements/$name.txt" ]; then
    say "$name: expected one of jax, tf, torch"
    exit 2
  fi
done
[ $# -gt 0 ] || set -- jax tf torch
"$here/../setup-python.sh" >/dev/null
if command -v gcc >/dev/null; then "$here/limit/build.sh"; else say "limit: no gcc, left out"; fi
for name in "$@"; do
  make_environment "$name"
done
