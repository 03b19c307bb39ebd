# An image with Node and sec: docker build -t sec .
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && node scripts/build.mjs && npm pack --ignore-scripts --pack-destination /

FROM node:24-bookworm-slim
COPY --from=build /sec-cli-*.tgz /tmp/
RUN npm install --global --no-audit --no-fund /tmp/sec-cli-*.tgz && rm -rf /tmp/sec-cli-*.tgz /root/.npm
USER node
WORKDIR /work
ENTRYPOINT ["sec"]
