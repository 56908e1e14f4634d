#!/usr/bin/env bash
# Checks that Java and Python TF1 train alike: the same initial checkpoint, images and epsilon, 100
# steps each, and then a relay in which each goes on from the checkpoint that the other saved.
#
#   scripts/parity.sh [--seed S] [--out DIR] [--java CMD]
#
# S is the seed of Java's images and epsilon (default: 1). DIR keeps what they wrote (default: it is
# removed). CMD takes the place of `mvn -q compile exec:java -Dexec.args=...`: it is called with
# `replay` and its options. parity.py says what is compared, and prints the figures.
# Exit code: 0 all checks passed; 1 some failed; 2 usage; 3 no Python, or Java's files are
# incomplete; otherwise that of the Java command, where it failed.
set -euo pipefail

usage() {
  printf '%s\n' "usage: parity.sh [--seed S] [--out DIR] [--java CMD]" >&2
  exit 2
}

seed=1 out= java=
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case "$1" in
    --seed) seed=$2 ;;
    --out) out=$2 ;;
    --java) java=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[[ $seed =~ ^[0-9]+$ ]] || usage

# Without oneDNN, which fuses products with what follows them: more in one program's graph than in the
# other's, and a fused sum is rounded otherwise.
export TF_ENABLE_ONEDNN_OPTS=0

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ -n "$out" ]; then
  mkdir -p "$out"
  work=$(cd "$out" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
python=$("$scripts/setup-python.sh")
cd "$(dirname "$scripts")"

# replay_java FROM FIRST_STEP STEPS OUT, the paths within $work
replay_java() {
  printf '%s\n' "Java: steps $2 to $(($2 + $3 - 1)) from $1"
  if [ -n "$java" ]; then
    # shellcheck disable=SC2086 # CMD may be a command with arguments
    $java replay --from "$work/$1" --first-step "$2" --steps "$3" --seed "$seed" --out "$work/$4"
  else
    mvn -q compile exec:java -Dexec.args="replay --from '$work/$1' --first-step $2 --steps $3 \
--seed $seed --out '$work/$4'"
  fi
}
replay_python() {
  "$python" "$scripts/dev/parity.py" replay --from "$work/$1" --first-step "$2" --steps "$3" \
    --inputs "$work/java" --out "$work/$4" ${5+"$5"}
}

"$python" "$scripts/dev/parity.py" init "$work"
replay_java init 1 100 java
replay_python init 1 100 python
replay_python init 1 100 nudged --nudge
replay_java init 1 25 relay-1
replay_python relay-1/model 26 25 relay-2
replay_java relay-2/model 51 25 relay-3
replay_python relay-3/model 76 25 relay-4
"$python" "$scripts/dev/parity.py" judge "$work"
