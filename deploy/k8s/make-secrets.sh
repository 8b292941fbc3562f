#!/bin/sh
# make-secrets.sh: prints every Secret that the chart refers to, freshly made, for `kubectl apply -n NAMESPACE -f -`.
# Run it once: whoever runs it again changes every secret. docs/runbooks/rotate-secrets.md changes one of them.
set -eu
random() { openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'; }
digest() { printf %s "$1" | openssl dgst -sha256 -r | cut -d ' ' -f 1; }
part_of='labels: { app.kubernetes.io/part-of: g-store, cnpg.io/reload: "true" }'

# database NAME SERVER ROLE: of one role; the CA of the server is mounted beside it.
database() {
  password=$(random)
  cat <<SECRET
apiVersion: v1
kind: Secret
type: kubernetes.io/basic-auth
metadata: { name: $1, $part_of }
stringData:
  username: $3
  password: $password
  url: postgres://$3:$password@$2-rw:5432/${3%_*}?sslmode=verify-full&sslrootcert=/run/database-ca/ca.crt
---
SECRET
}
# Servers as in values.yaml; for others: JOURNAL_SERVER=main make-secrets.sh
for service in orders payments points accrual identity notifications journal; do
  default=main
  if [ $service = journal ]; then default=journal; fi
  variable=$(echo ${service}_SERVER | tr a-z A-Z)
  eval "server=\${$variable:-$default}"
  database $service-database "$server" ${service}_app
  database $service-database-owner "$server" ${service}_owner
done

accrual_key=$(random)
staff_key=$(random)
echo "The staff key of scopes orders, points and accrual, which is kept nowhere else: $staff_key" >&2
staff="staff:$(digest "$staff_key"):orders+points+accrual"
cat <<SECRET
apiVersion: v1
kind: Secret
metadata: { name: identity, $part_of }
stringData: { secret: $(random), first-operator-password: $(random) }
---
apiVersion: v1
kind: Secret
metadata: { name: accrual-key-of-points, $part_of }
stringData: { key: $accrual_key }
---
apiVersion: v1
kind: Secret
metadata: { name: staff-api-keys, $part_of }
stringData:
  orders: $staff
  points: $staff
  accrual: $staff,points:$(digest "$accrual_key"):accrual
SECRET
