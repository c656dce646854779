# The image that the action runs, and the command line:
#
#	docker build -t boardgate .
#	docker run --rm -v "$PWD:/repo:ro" -w /repo boardgate check --no-base
#
# A builder with BuildKit compiles on its own platform for each --platform asked
# for, without emulation. One without it builds for itself: it sets neither
# BUILDPLATFORM nor TARGETARCH.
ARG GO_IMAGE=golang:1.26@sha256:0f063af2d465d8dcae54cce04278ada488b96f77b42449c8d071e47d016cc65a

FROM --platform=${BUILDPLATFORM:-linux} ${GO_IMAGE} AS build
ARG TARGETARCH
ARG VERSION
ARG REVISION
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOARCH=$TARGETARCH GOFLAGS=-buildvcs=false \
	go build -trimpath -ldflags "-s -w -X main.version=$VERSION -X main.commit=$REVISION" -o /out/boardgate .

FROM scratch
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="boardgate" \
	org.opencontainers.image.description="Holds a Markdown board to its own rules" \
	org.opencontainers.image.source="https://github.com/boardgate/boardgate" \
	org.opencontainers.image.documentation="https://github.com/boardgate/boardgate/blob/main/docs/action.md" \
	org.opencontainers.image.licenses="Apache-2.0" \
	org.opencontainers.image.version="$VERSION" \
	org.opencontainers.image.revision="$REVISION"
# A file, not linked in: the command line does not pay for it at its start.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE /LICENSE
COPY --from=build /out/boardgate /boardgate
# No USER: the files that a job's runner mounts for outputs and the summary
# belong to the runner's own user, whose number differs, so only root can write them.
# https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support#user
ENTRYPOINT ["/boardgate"]
