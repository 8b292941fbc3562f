# `make start` and `make test` are the two that a newcomer needs; `make help` lists the others.
# STACK=docker makes the same commands act on docker-compose.yml, with nothing on this machine but Docker.
.POSIX:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

STACK_CLI = sh tools/with-node24.sh node deploy/local/stack.mts
NX = NX_DAEMON=false sh tools/with-node24.sh nx

test: ## Everything, on ports and data of its own, beside a running shop
	@sh deploy/local/toolchain.sh --for-tests
	@sh tools/with-node24.sh node tools/test.mts

ifneq ($(STACK),docker)
start: build ## Bring up the whole shop and wait until it is ready (PORT_OFFSET=10000 STACK=second for another one)
	@$(STACK_CLI) up

stop: node ## Stop it; the data stays
	@$(STACK_CLI) down

restart: stop start ## Stop, then start

status: node ## Each part: pid, port, ready, memory
	@$(STACK_CLI) status || true

logs: node ## Newest log lines: SERVICE=orders LEVEL=warn ORDER=<id> TRACE=<id> FOLLOW=1
	@$(STACK_CLI) logs

build: toolchain ## Compile what has changed
	@$(NX) run-many -t build

construct: clean toolchain ## Compile all of it from nothing
	@$(NX) run-many -t build --skip-nx-cache

run: toolchain ## Start what is built, without building
	@$(STACK_CLI) up

rerun: stop run ## Stop, then run

fresh: clean build run ## From nothing: no data, everything built anew

clean: node ## Stop it and delete its data and everything built
	@$(STACK_CLI) clean
	@rm -rf .nx reports coverage packages/*/dist services/*/dist editions/*/dist packages/*/src/generated

backup: node ## All databases of the running shop into one file (FILE=backup.tar)
	@$(STACK_CLI) backup

restore: node ## Back from such a file: FILE=backup.tar, all databases or one (DATABASE=orders); see docs/runbooks/restore.md
	@$(STACK_CLI) restore

else
include deploy/docker/commands.mk
endif

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' Makefile

docker-worker-logs: logs ## The same as logs, for hands that know the older system
docker-stop: stop ## The same as stop
docker-rm: clean ## The same as clean

toolchain:
	@sh deploy/local/toolchain.sh

# Stopping must work without a network and without a lockfile that fits.
node:
	@sh tools/with-node24.sh true 2>/dev/null || sh deploy/local/toolchain.sh

.PHONY: start stop restart status logs test build construct run rerun fresh clean backup restore help docker-worker-logs docker-stop docker-rm toolchain node
