#!/bin/sh
# backup.sh dump                     all databases of the shop, each as pg_dump writes it, in one tar to standard output
# backup.sh restore FILE [DATABASE]  puts all of them back, or one
# Finds the server as PostgreSQL's own programs do: by PGHOST, PGPORT, PGUSER and PGPASSWORD.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

refuse() {
  echo "$1" >&2
  exit 1
}
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d postgres -c "$1"; }

dump() {
  cd "$folder"
  date -u +%Y-%m-%dT%H:%M:%SZ >taken-at
  databases=$(sql "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1")
  # All at once, so that their moments lie as near to each other as they can.
  dumps=
  for database in $databases; do
    pg_dump --format=custom --file="$database.dump" "$database" &
    dumps="$dumps $!"
  done
  for each in $dumps; do wait "$each"; done
  tar -cf - -- *
}

restore() {
  tar -xf "$1" -C "$folder"
  databases=${2:-$(cd "$folder" && ls -- *.dump | sed 's/\.dump$//')}
  for database in $databases; do
    [ -f "$folder/$database.dump" ] || refuse "$1 holds no database $database"
    [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database'")" = 0 ] ||
      refuse "somebody works with the database $database: stop its service first"
  done
  for database in $databases; do restore_one "$database"; done
  echo "restored as of $(cat "$folder/taken-at"):" $databases >&2
}

# The one that is there is put aside until the restored one is whole.
restore_one() {
  if [ "$(sql "SELECT count(*) FROM pg_database WHERE datname = '$1_before'")" = 1 ]; then put_back "$1"; fi
  if [ "$(sql "SELECT count(*) FROM pg_database WHERE datname = '$1'")" = 1 ]; then
    sql "ALTER DATABASE \"$1\" RENAME TO \"$1_before\""
  fi
  if ! pg_restore --create --exit-on-error --dbname=postgres "$folder/$1.dump"; then
    put_back "$1"
    refuse "the database $1 could not be restored, and is as it was"
  fi
  sql "DROP DATABASE IF EXISTS \"$1_before\""
}
put_back() {
  sql "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"
  sql "ALTER DATABASE \"$1_before\" RENAME TO \"$1\""
}

case ${1:-} in
  dump) dump ;;
  restore) restore "${2:?FILE=: write the file to restore}" "${3:-}" ;;
  *) refuse 'write dump or restore' ;;
esac
