# Every image of ours. docker compose builds them all; one alone:
#   docker build --target service --build-arg SERVICE=orders .
# Other targets: setup (the one-shots of docker-compose.yml), gateway, frontend.
ARG NODE=node:24-slim
ARG NGINX=nginx:1.29-alpine

# The manifests alone, so that packages are installed anew only when one of these has changed.
FROM ${NODE} AS checkout
WORKDIR /checkout
COPY . .
RUN find . -name package.json -not -path '*/node_modules/*' -exec cp --parents {} /mnt \; && cp package-lock.json .npmrc /mnt

FROM ${NODE} AS manifests
WORKDIR /shop
COPY --from=checkout /mnt ./

FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY nx.json tsconfig.base.json ./
COPY proto proto
COPY packages packages
COPY services services
COPY frontend frontend
RUN NX_DAEMON=false npx nx run-many -t build --projects='packages/*,services/*,frontend'

FROM ${NODE} AS gateway-files
WORKDIR /shop
COPY nginx nginx
COPY deploy deploy
RUN node deploy/docker/write-gateway.mts /gateway

# Node with an init that hands signals on and buries orphans.
FROM ${NODE} AS runtime
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/* /var/cache/apt
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
ENTRYPOINT ["tini", "--"]

# One installation and one layer for all services: together they need 2 MB more than each alone, and a machine keeps them once.
FROM manifests AS production
RUN --mount=type=cache,target=/root/.npm \
  --mount=type=bind,source=deploy/docker/assemble.sh,target=/assemble.sh \
  --mount=type=bind,from=build,source=/shop,target=/built \
  sh /assemble.sh /built

FROM runtime AS service
COPY --from=production /shop/out/node_modules /shop/node_modules
COPY --from=production /shop/out/packages /shop/packages
ARG SERVICE
LABEL org.opencontainers.image.title="g-store ${SERVICE}" org.opencontainers.image.licenses="MIT"
COPY --from=production /shop/out/services/${SERVICE:?} /shop/services/${SERVICE}
WORKDIR /shop/services/${SERVICE}
USER node
ENV HOST=0.0.0.0 PORT=8080
# Why: deploy/local/service-environment.mts.
ENV NODE_OPTIONS="--enable-source-maps --max-semi-space-size=4 --max-old-space-size=256"
EXPOSE 8080
# Without a process of Node's, of which ten services that start would have ten a second.
HEALTHCHECK --interval=15s --timeout=15s --start-period=180s --start-interval=2s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && test $status = 200"]
CMD ["node", "dist/main.js"]

# Secrets, databases, topics and demo people: the scripts of the local stack, with every service's migrations.
FROM runtime AS setup
LABEL org.opencontainers.image.title="g-store setup" org.opencontainers.image.licenses="MIT"
COPY --from=production /shop/out/node_modules /shop/node_modules
COPY --from=production /shop/out/packages /shop/packages
COPY --from=production /shop/out/services /shop/services
COPY deploy /shop/deploy
COPY tools /shop/tools
RUN install -d -o node -g node -m 0700 /secrets
WORKDIR /shop
USER node
ENTRYPOINT ["tini", "--", "node", "deploy/docker/prepare.mts"]

FROM ${NGINX} AS gateway
LABEL org.opencontainers.image.title="g-store gateway" org.opencontainers.image.licenses="MIT"
COPY --from=gateway-files /gateway /gateway
COPY deploy/docker/gateway.sh /usr/local/bin/gateway
# A folder in memory takes the rights of the one that it covers, at the latest when a container starts for the second time.
RUN mkdir -m 1777 /run/gateway
USER nginx
EXPOSE 8080 8443 3000 8084
# By the name of a neighbour, whom a gateway with a certificate does not send to https.
HEALTHCHECK --interval=15s --timeout=15s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["curl", "-fsS", "-o", "/dev/null", "-H", "Host: api-gateway", "http://127.0.0.1:8080/config.json"]
ENTRYPOINT ["gateway"]
CMD ["nginx", "-e", "stderr", "-p", "/run/gateway", "-c", "/run/gateway/nginx.conf"]

FROM ${NGINX} AS frontend
LABEL org.opencontainers.image.title="g-store page" org.opencontainers.image.licenses="MIT"
COPY --from=build /shop/frontend/dist /page
COPY nginx/types.conf nginx/compression.conf nginx/requests.conf nginx/page.conf /etc/nginx/page/
COPY deploy/docker/frontend.conf /etc/nginx/page/nginx.conf
USER nginx
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=15s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/index.html"]
ENTRYPOINT ["nginx"]
CMD ["-e", "stderr", "-c", "/etc/nginx/page/nginx.conf"]
