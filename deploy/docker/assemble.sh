#!/bin/sh
# assemble.sh BUILT: lays what the services need to run, and nothing else, into ./out: packages of production, and of ours what is
# compiled. Runs where the manifests and the lockfile are; BUILT is the checkout after its build.
set -eu
built=$1
workspaces=
for service in services/*; do workspaces="$workspaces -w $service"; done
npm ci --omit=dev --ignore-scripts --no-audit --no-fund $workspaces

mkdir -p out
for link in node_modules/@g-store/*; do
  folder=$(realpath --relative-to=. "$link")
  # A package of tests is linked although it is for development alone.
  if [ ! -d "$built/$folder/dist" ]; then
    rm "$link"
    continue
  fi
  mkdir -p "out/$folder"
  cp "$folder/package.json" "out/$folder/"
  cp -R "$built/$folder/dist" "out/$folder/"
  # Packages that another workspace has in another version.
  if [ -d "$folder/node_modules" ]; then mv "$folder/node_modules" "out/$folder/"; fi
done
# Nobody asks for a service by its name.
rm -f node_modules/@g-store/*-service
mv node_modules out/

# What nobody reads at run time: types, maps and texts of others' packages, and the bundles of Swagger that are not served.
find out -path '*/node_modules/*' -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -iname 'readme*' \
  -o -iname 'changelog*' \) -delete
rm -f out/node_modules/swagger-ui-dist/swagger-ui-es-bundle*.js out/node_modules/swagger-ui-dist/swagger-ui.js
