{{- define "labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: g-store
{{- end }}

{{- define "metadata" -}}
labels:
  {{- include "labels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "image" -}}
{{- with .root.Values.image -}}
{{ .registry }}{{ .repository }}/{{ $.name }}:{{ .tag | default $.root.Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "pod-security" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "spread" -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "labels" $ | nindent 6 }}
{{- end }}
{{- end }}

{{- define "brokers" -}}
{{- if .Values.kafka.strimzi -}}
{{ .Release.Name }}-kafka-bootstrap:9093
{{- else -}}
{{ join "," .Values.kafka.brokers }}
{{- end }}
{{- end }}

{{- define "service-env" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $service := .service -}}
- { name: GSTORE_MODE, value: {{ $values.mode }} }
- { name: HOST, value: 0.0.0.0 }
- { name: PORT, value: {{ $service.port | quote }} }
- { name: KAFKA_BROKERS, value: {{ include "brokers" $root | quote }} }
{{- if $values.kafka.strimzi }}
- { name: KAFKA_CA_FILE, value: /run/kafka-ca/ca.crt }
- { name: KAFKA_USERNAME, value: {{ $root.Release.Name }}-{{ .name }} }
- { name: KAFKA_PASSWORD_FILE, value: /run/kafka/password }
{{- end }}
- { name: JWKS_URL, value: "http://{{ $values.services.identity.host }}:{{ $values.services.identity.port }}/.well-known/jwks.json" }
- { name: TRUSTED_PROXIES, value: {{ join "," $values.trustedProxies | quote }} }
- { name: ALLOWED_ORIGINS, value: {{ join "," (prepend $values.allowedOrigins (printf "https://%s" $values.host)) | quote }} }
- { name: CURRENCY, value: {{ $values.currency }} }
- { name: LOG_LEVELS, value: {{ $values.logLevels | quote }} }
- { name: DATABASE_URL_FILE, value: /run/database/url }
- { name: DATABASE_OWNER_URL_FILE, value: /run/database-owner/url }
- name: STAFF_API_KEYS
  valueFrom: { secretKeyRef: { name: staff-api-keys, key: {{ .name }}, optional: true } }
{{- with $values.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- if eq .name "identity" }}
- { name: IDENTITY_SECRET_FILE, value: /run/identity/secret }
- { name: FIRST_OPERATOR_LOGIN, value: first-operator }
- { name: FIRST_OPERATOR_PASSWORD_FILE, value: /run/identity/first-operator-password }
{{- end }}
{{- with $service.asks }}
{{- with get $values.services . }}
- { name: ACCRUAL_SYSTEM_ADDRESS, value: "http://{{ .host }}:{{ .port }}" }
{{- end }}
- { name: ACCRUAL_SYSTEM_KEY_FILE, value: /run/accrual/key }
{{- end }}
{{- range $name, $value := $service.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "mounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: database-owner, mountPath: /run/database-owner, readOnly: true }
{{- if .root.Values.databases.cloudNativePg }}
- { name: database-ca, mountPath: /run/database-ca, readOnly: true }
{{- end }}
{{- end }}

{{- define "volumes" -}}
- { name: tmp, emptyDir: { sizeLimit: 64Mi } }
- { name: database-owner, secret: { secretName: {{ .name }}-database-owner, defaultMode: 0440 } }
{{- if .root.Values.databases.cloudNativePg }}
- name: database-ca
  secret: { secretName: {{ .service.database }}-ca, defaultMode: 0444, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}
