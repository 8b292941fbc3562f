#!/bin/sh
# gateway.sh COMMAND…: fills what only the installation knows into the gateway's files, then becomes the command.
set -eu
from=${GATEWAY_FILES:-/gateway}
to=${GATEWAY_FOLDER:-/run/gateway}
certificate=${CERTIFICATE_FOLDER:-/run/certificate}

refuse() {
  echo "$1" >&2
  exit 1
}
whole() {
  case $2 in '' | *[!0-9]* | 0*) refuse "$1=$2: write a whole number above 0" ;; esac
}

mode=${GSTORE_MODE:-}
case $mode in
  demo) rateLimits=${RATE_LIMITS:-off} ;;
  production) rateLimits=${RATE_LIMITS:-on} ;;
  *) refuse "GSTORE_MODE=$mode: write demo or production" ;;
esac
case $rateLimits in on | off) ;; *) refuse "RATE_LIMITS=$rateLimits: write on or off" ;; esac
currency=${CURRENCY:-RUB}
case $currency in [A-Z][A-Z][A-Z]) ;; *) refuse "CURRENCY=$currency: write three capital letters, as in RUB" ;; esac
requestsPerSecond=${RATE_LIMIT_PER_SECOND:-20}
burst=${RATE_LIMIT_BURST:-60}
registrationsPerMinute=${REGISTRATIONS_PER_MINUTE:-10}
whole RATE_LIMIT_PER_SECOND "$requestsPerSecond"
whole RATE_LIMIT_BURST "$burst"
whole REGISTRATIONS_PER_MINUTE "$registrationsPerMinute"
registrationBurst=$((registrationsPerMinute - 1))
registrationWait=$(((60 + registrationsPerMinute - 1) / registrationsPerMinute))
resolver=${RESOLVER:-$(awk '$1 == "nameserver" { print $2; exit }' /etc/resolv.conf)}

origins=
for origin in $(echo "${ALLOWED_ORIGINS:-}" | tr ',' ' '); do
  echo "$origin" | grep -Eq '^https?://[a-z0-9.-]+(:[0-9]{1,5})?$' ||
    refuse "ALLOWED_ORIGINS: write $origin like http://localhost:3000, without a path"
  origins="$origins${origins:+
}        \"$origin\" \"$origin\";"
done

export mode currency origins rateLimits requestsPerSecond burst registrationsPerMinute registrationBurst registrationWait resolver
fill() {
  awk '{
    while (match($0, /{{[a-zA-Z]+}}/))
      $0 = substr($0, 1, RSTART - 1) ENVIRON[substr($0, RSTART + 2, RLENGTH - 4)] substr($0, RSTART + RLENGTH)
    print
  }' "$from/$1" >"$to/$1"
}

mkdir -p "$to"
cp -R "$from/." "$to/"
fill nginx.conf
fill pages/config.json

# With a certificate the same server speaks https, too, and sends whoever comes without it there: but for the containers
# beside it, whose requests never leave this machine.
if [ -f "$certificate/tls.crt" ] && [ -f "$certificate/tls.key" ]; then
  cat >"$to/tls.conf" <<TLS
listen 8443 ssl;
ssl_certificate "$certificate/tls.crt";
ssl_certificate_key "$certificate/tls.key";
ssl_protocols TLSv1.2 TLSv1.3;
ssl_session_cache shared:tls:10m;
ssl_session_timeout 1d;
set \$insecure "\$https:\$http_host";
if (\$insecure ~ "^:(?!api-gateway(:|\$))") {
    return 308 https://\$host${HTTPS_PORT:+:$HTTPS_PORT}\$request_uri;
}
TLS
else
  : >"$to/tls.conf"
fi

exec "$@"
