#!/usr/bin/env bash
# Asks a server on localhost as programs do: by curl, Python and Node, gzip'ed and not.
# Usage: scripts/dev/check_clients.sh PORT   (a model called vae that has `generate`)
# Exit code: 0 all are answered alike; 1 one is not; 2 curl, node or python3 is missing.
set -euo pipefail
port=${1:?usage: scripts/dev/check_clients.sh PORT}
for program in curl node python3; do
  command -v "$program" >/dev/null || {
    echo "$program: expected it on the path, found none" >&2
    exit 2
  }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export URL=http://localhost:$port/v1/models/vae:predict
export BODY='{"signature_name": "generate", "instances": [[0.5, -1.0], [2.0, 0.25]]}'
printf '%s' "$BODY" | gzip >"$work/body.gz"

ask() { # NAME COMMAND...
  "${@:2}" >"$work/$1"
  grep -q '^{"predictions":\[\[' "$work/$1"
  cmp "$work/curl" "$work/$1"
  echo "right: $1"
}

ask curl curl -sS --fail -d "$BODY" "$URL"
ask curl-4 curl -4 -sS --fail -d "$BODY" "$URL"
ask curl-gzip-body curl -sS --fail -H 'Content-Encoding: gzip' --data-binary "@$work/body.gz" "$URL"
ask curl-gzip-answer curl -sS --fail --compressed -d "$BODY" "$URL"
ask python python3 -c '
import os, sys, urllib.request
with urllib.request.urlopen(os.environ["URL"], os.environ["BODY"].encode()) as answer:
    sys.stdout.write(answer.read().decode())'
ask python-gzip python3 -c '
import gzip, os, sys, urllib.request
request = urllib.request.Request(os.environ["URL"], gzip.compress(os.environ["BODY"].encode()),
                                 {"Content-Encoding": "gzip", "Accept-Encoding": "gzip"})
with urllib.request.urlopen(request) as answer:
    body = answer.read()
    sys.stdout.write((gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body).decode())'
ask node node -e '
const {URL: url, BODY: body} = process.env;
fetch(url, {method: "POST", body}).then(answer => answer.text()).then(text => process.stdout.write(text));'
if [ -e /proc/net/if_inet6 ] && grep -q '^0*1 ' /proc/net/if_inet6; then
  ask curl-6 curl -6 -sS --fail -d "$BODY" "$URL"
fi
