#!/bin/sh
# with-node24.sh COMMAND…: runs a command with Node 24 or newer first in PATH, and the tools of the checkout behind it.
# An older Node of the machine is enough to get here: the toolchain keeps its own under .local/.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
found=
for folder in "$root"/.local/node_modules/node-*/bin; do
  if [ -x "$folder/node" ]; then found=$folder; fi
done
if [ -z "$found" ]; then
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  if [ "${major:-0}" -lt 24 ]; then
    echo "No Node 24 yet: run 'sh deploy/local/toolchain.sh' (or 'make start') once." >&2
    exit 1
  fi
fi
PATH=${found:+$found:}$root/node_modules/.bin:$PATH
export PATH
exec "$@"
