# The server in an image with nothing else, as a user without rights. Build it in a
# clone with its history, which the version is told from:
#
#   docker build -t chancery .
#   docker run --rm -p 127.0.0.1:8080:8080 -v chancery:/data -e CHANCERY_ANONYMOUS=reader chancery
#
# Without CHANCERY_ANONYMOUS it needs a key: docker run --rm -v chancery:/data chancery keys add NAME
# docs/operations.md has the rest.

# What builds runs on the machine's own platform, whichever the image is for.
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS pages
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web/ ./
RUN npm run build

FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . ./
COPY --from=pages /web/dist/ web/dist/
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=true -ldflags='-s -w' -o /chancery . && mkdir /data

FROM scratch
LABEL org.opencontainers.image.title="Chancery" \
      org.opencontainers.image.description="A knowledge graph of diplomacy with a GraphQL API" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=program /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=program /chancery /chancery
COPY --from=program --chown=65532:65532 /data /data
USER 65532:65532
VOLUME /data
EXPOSE 8080
# Within the container alone; -p says who reaches it. What they may do there, whoever
# starts it says.
ENV CHANCERY_LISTEN=0.0.0.0:8080 CHANCERY_DATA=/data/graph CHANCERY_LOG_FORMAT=json
# Opening a large graph takes its time.
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m --retries=3 CMD ["/chancery", "health"]
ENTRYPOINT ["/chancery"]
CMD ["serve"]
