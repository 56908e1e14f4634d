#!/usr/bin/env bash
# What training and decoding come to on this machine's GPU, in under five minutes, as a table.
#
#   scripts/benchmark/gpu.sh [OPTION...]     gpu.py's; --help lists them
#
# The build must be one for CUDA: mvn -Pgpu -DskipTests package
# Exit codes are gpu.py's.
set -euo pipefail
exec "${PYTHON:-python3}" "$(dirname "${BASH_SOURCE[0]}")/gpu.py" "$@"
