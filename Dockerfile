# The server in an image with nothing else, as a user without rights. Build it in a
# clone with its history, which the version is told from:
#
#   docker build -t chancery .
#   docker run --rm -p 127.0.0.1:8080:8080 -v chancery:/data -e CHANCERY_ANONYMOUS=reader chancery
#
# Without CHANCERY_ANONYMOUS it needs a key: docker run --rm -v chancery:/data chancery keys add NAME
# docs/operations.md has the rest.

FROM node:22-bookworm-slim AS pages
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web/ ./
RUN npm run build

FROM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . ./
COPY --from=pages /web/dist/ web/dist/
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=true -ldflags='-s -w' -o /chancery . && mkdir /data

FROM scratch
COPY --from=program /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=program /chancery /chancery
COPY --from=program --chown=65532:65532 /data /data
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENV CHANCERY_DATA=/data/graph CHANCERY_LOG_FORMAT=json
ENTRYPOINT ["/chancery"]
# Within the container alone; -p says who reaches it. What they may do there, whoever
# starts it says.
CMD ["serve", "--listen", "0.0.0.0:8080"]
