#!/bin/sh
# run.sh TASK ARGS...: the benchmark's train, infer or job with Deeplearning4j, or version; builds it if
# need be.
set -e
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -e "$here/target/built" ] || [ -n "$(find "$here/src" "$here/pom.xml" -newer "$here/target/built")" ]; then
  rm -rf "$here/target"
  mvn -q -B -f "$here/pom.xml" package dependency:copy-dependencies -DoutputDirectory="$here/target/lib" >&2
  touch "$here/target/built"
fi
if [ "${1-}" = version ]; then
  exec sed -n 's/.*<dl4j.version>\(.*\)<.*/\1/p' "$here/pom.xml"
fi
# OpenMP reads its number of threads when the library is loaded.
threads=$(echo " $*" | sed -n 's/.* --threads  *\([0-9][0-9]*\).*/\1/p')
[ -z "$threads" ] || export OMP_NUM_THREADS="$threads"
exec java -cp "$here/target/classes:$here/target/lib/*" Dl4jVae "$@"
