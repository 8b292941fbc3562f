#!/bin/sh
# launch.sh PID_FILE COMMAND…: writes its own pid and the moment it began, then becomes COMMAND.
# The process writes its file itself, so that a starter killed in between loses nobody.
set -eu
file=$1
shift
if [ -r "/proc/$$/stat" ]; then
  # Fields after the name in brackets, which may hold spaces; the 20th of them counts ticks since the machine began.
  ticks=$(set -- $(sed 's/.*) //' "/proc/$$/stat") && echo "${20}")
  began="$(cat /proc/sys/kernel/random/boot_id):$ticks"
else
  began=$(LC_ALL=C ps -o lstart= -p $$ | awk '{ OFS = "-"; $1 = $1; print }')
fi
printf '%s %s\n' "$$" "$began" >"$file.$$"
mv "$file.$$" "$file"
exec "$@"
