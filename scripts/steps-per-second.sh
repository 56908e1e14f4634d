#!/usr/bin/env bash
# Compares the speed of training in Java and in Python TF1, in turns on the same machine.
#
#   scripts/steps-per-second.sh [ROUNDS [STEPS]]   default: 3 rounds of 3000 steps
#
# Both train the tutorial's model with its batch size, and log as it does. Prints each round, the
# medians, and the median of the ratios within a round. Leave the machine alone meanwhile.
# Exit code: 0 done; 1 a training failed; 2 usage; 3 no Python.
set -euo pipefail
export LC_ALL=C # awk and sort are to read 5.3, not 5,3

rounds=${1:-3}
steps=${2:-3000}
is_count() { [[ $1 =~ ^[1-9][0-9]*$ ]]; }
if [ $# -gt 2 ] || ! is_count "$rounds" || ! is_count "$steps"; then
  printf '%s\n' "usage: steps-per-second.sh [ROUNDS [STEPS]]" >&2
  exit 2
fi

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=$("$scripts/setup-python.sh")
cd "$(dirname "$scripts")"

java_training() {
  mvn -q compile exec:java -Dexec.args="train --steps $steps --saved-model '$work/$1'"
}
python_training() {
  "$python" "$scripts/tutorial_tf1.py" --steps "$steps"
}

# Runs a training, and prints the rate from its last line "3000 steps, 5.3 s, 566 steps/s".
rate() {
  local log=$work/log found
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    printf '%s\n' "steps-per-second.sh: $1 failed" >&2
    return 1
  fi
  found=$(sed -n 's|^[0-9]* steps, [0-9.]* s, \([0-9.]*\) steps/s$|\1|p' "$log" | tail -n 1)
  if [ -z "$found" ]; then
    printf '%s\n' "steps-per-second.sh: $1: expected steps/s, found: $(tail -n 1 "$log")" >&2
    return 1
  fi
  printf '%s\n' "$found"
}

median() {
  sort -n "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

for ((round = 1; round <= rounds; round++)); do
  if ((round % 2)); then # Who goes first takes turns too.
    rate java_training "$round" >>"$work/java"
    rate python_training >>"$work/python"
  else
    rate python_training >>"$work/python"
    rate java_training "$round" >>"$work/java"
  fi
  printf 'round %d: Java %s steps/s, Python %s steps/s\n' \
    "$round" "$(tail -n 1 "$work/java")" "$(tail -n 1 "$work/python")"
done
paste "$work/java" "$work/python" | awk '{ printf "%.2f\n", $1 / $2 }' >"$work/ratio"
printf 'median: Java %s steps/s, Python %s steps/s, ratio within a round %s\n' \
  "$(median "$work/java")" "$(median "$work/python")" "$(median "$work/ratio")"
