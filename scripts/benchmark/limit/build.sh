#!/bin/sh
# Builds `limit` beside this script, for the processor that it runs on.
set -e
cd "$(dirname "$0")"
${CC:-gcc} -O3 -march=native -mprefer-vector-width=512 -fno-math-errno -Wall -Wextra -o limit limit.c -lm -lpthread
