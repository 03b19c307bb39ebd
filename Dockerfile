# An image with Node and sec: docker build -t sec .
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && node scripts/build.mjs && npm pack --ignore-scripts --pack-destination /

FROM node:24-bookworm-slim
WORKDIR /package
COPY --from=build /sec-cli-*.tgz ./
RUN npm install --global --no-audit --no-fund ./sec-cli-*.tgz && rm -rf ./* && npm cache clean --force
USER node
WORKDIR /work
ENTRYPOINT ["sec"]
