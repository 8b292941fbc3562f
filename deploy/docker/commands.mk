# What the commands of the Makefile are with STACK=docker. Profiles: COMPOSE_PROFILES=tools,obs make start STACK=docker
COMPOSE = docker compose
UP = $(COMPOSE) up --detach --wait $(if $(NOTIFICATIONS_INSTANCES),--scale order-notification-service=$(NOTIFICATIONS_INSTANCES))
EVERYTHING = $(COMPOSE) --profile '*'

start:
	@$(UP) --build
	@echo "The shop is open: http://localhost:$${HTTP_PORT:-80} (and http://localhost:3000), every API at /docs/"
	@echo "The staff API key: docker compose run --rm --no-deps secrets show staff-api-key"

stop:
	@$(EVERYTHING) down

restart: stop start

status:
	@$(EVERYTHING) ps --all

logs:
	@$(COMPOSE) logs --no-log-prefix --tail $${LINES_SHOWN:-200} $(if $(FOLLOW),--follow) $(SERVICE)

build:
	@$(COMPOSE) build

construct: clean
	@$(COMPOSE) build --no-cache

run:
	@$(UP) --no-build

rerun: stop run

fresh: clean build run

clean:
	@$(EVERYTHING) down --volumes --remove-orphans

# With the programs of the server's own image, which are of its version by definition. The script is handed over as a word, for
# the file goes by standard input.
BACKUP_SH = $(COMPOSE) exec -T --user postgres postgres sh -c "$$(cat deploy/backup.sh)" backup

backup:
	@umask 077 && file="$(or $(FILE),.local/backups/docker-$$(date -u +%Y%m%dT%H%M%SZ).tar)" && mkdir -p "$$(dirname "$$file")" && \
	  $(BACKUP_SH) dump >"$$file.half" && mv "$$file.half" "$$file" && echo "$$file"

# After all databases Kafka begins from nothing and is told again what they remember: docs/runbooks/restore.md. `up` by itself
# would leave one instance of what was scaled.
restore:
	@test -f "$(FILE)" || { echo 'FILE=$(FILE): write the file of a backup' >&2; exit 1; }
	@$(COMPOSE) stop $$($(COMPOSE) ps --services | grep -vx postgres)
	@$(BACKUP_SH) restore /dev/stdin $(DATABASE) <"$(FILE)"
ifndef DATABASE
	@$(COMPOSE) rm --force --stop --volumes kafka && docker volume rm "$${COMPOSE_PROJECT_NAME:-g-store}_kafka"
	@$(COMPOSE) run --rm --no-deps secrets new-cluster
	@$(COMPOSE) run --rm topics
	@$(COMPOSE) run --rm --no-deps --env KAFKA_BROKERS=kafka:9092 migrate republish
endif
	@instances=$$($(COMPOSE) ps --all --quiet order-notification-service | wc -l) && \
	  $(UP) --no-build --scale order-notification-service=$$((instances > 0 ? instances : 1))
