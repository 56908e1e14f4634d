#!/usr/bin/env bash
# Installs the library and its jars of sources and Javadoc, and builds and runs a program of two files that depends on
# it: src/consumer. Fails if that gets the program's own dependencies, or protobuf with CVE-2024-7254.
#
# usage: scripts/dev/check_library.sh MODELS TF1_PREFIX
set -euo pipefail
models=$(realpath "$1")
prefix=$(realpath "$(dirname "$2")")/$(basename "$2")
cd "$(dirname "$0")/../.."

mvn -B -ntp -q install -Prelease -DskipTests
ls target/vae-sources.jar target/vae-javadoc.jar >/dev/null

tree=target/consumer-tree.txt
mvn -B -ntp -q -f src/consumer dependency:tree -DoutputFile="$PWD/$tree"
if grep -E 'jetty|io\.grpc|picocli|slf4j-simple' "$tree"; then
  echo "expected the library's own dependencies alone, found these" >&2
  exit 1
fi
grep -q 'com.google.protobuf:protobuf-java:jar:3.25.8:' "$tree"
grep -qE 'tensorflow-core-native:jar:[a-z]+-[a-z0-9_]+:' "$tree"
mvn -B -ntp -q -f src/consumer compile exec:java -Dexec.args="$models $prefix"
