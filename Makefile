# One command each: run, test, lint, generate, bench. What a machine lacks is left
# out, and said so in one line; with CI=true nothing may be left out.

LISTEN ?= 127.0.0.1:8080
# What make release builds for.
PLATFORMS ?= linux/amd64 linux/arm64 darwin/arm64
# The linters have a module of their own: golangci-lint brings 200 dependencies,
# which would otherwise bind the versions of the server's own.
TOOL = go tool -modfile=.ci/tools/go.mod
GENERATED = schema/generated.graphql resolvers/generated

NPM := $(shell command -v npm)
CC_THERE := $(shell command -v $${CC:-gcc})
CHROMIUM ?= $(shell command -v chromium)
# A python3 of the user's own need not see what Debian's packages bring.
NOTEBOOK_PYTHON ?= $(shell for p in python3 /usr/bin/python3; do $$p -c 'import pandas, matplotlib, nbclient, ipykernel' 2>/dev/null && echo $$p && break; done)

PAGES = web/dist/index.html
PAGE_SOURCES := $(shell find web/src web/public web/index.html web/vite.config.ts web/package-lock.json -type f)

# $(call left_out,WHAT,WHY)
left_out = if [ "$$CI" = true ]; then echo "CI must not leave out $(1): $(2)" >&2; exit 1; else echo "left out: $(1): $(2)"; fi

# npm packages that Go tests compare our answers with.
REFERENCES = graph/edtf/testdata/npm query/testdata/spec/npm query/testdata/sparql/npm api/testdata/npm
# Sample projects that a Go test runs against a server.
EXAMPLES = $(patsubst %/package-lock.json,%,$(wildcard examples/*/package-lock.json))

.PHONY: run test lint generate bench pages test-generated test-go test-web test-browser test-notebooks references release

run: pages
	go run . serve --listen $(LISTEN)

# The pages are embedded, so they are built before what embeds them.
test: pages lint test-generated test-go test-web test-browser test-notebooks

# gofumpt and staticcheck run as parts of golangci-lint, in the versions pinned.
lint:
	$(TOOL) golangci-lint run ./...
	go vet ./...

generate:
	go generate ./...

bench:
	go test -run '^$$' -bench . -benchmem ./...

ifeq ($(NPM),)
pages:
	@$(call left_out,the pages,npm is not there)
references:
	@$(call left_out,comparing with npm edtf, graphql-js and oxigraph; npm audits and clients; the examples,npm is not there)
test-web:
	@$(call left_out,the checks of the pages,npm is not there)
else
pages: $(PAGES)
test-web: web/node_modules
	npm --prefix web run check
references: $(REFERENCES:%=%/node_modules) $(EXAMPLES:%=%/node_modules)
endif

%/node_modules: %/package-lock.json
	npm --prefix $(@D) ci
	@touch $@

$(PAGES): web/node_modules $(PAGE_SOURCES)
	npm --prefix web run build
	@touch $@

# Programs to hand out, with checksums.
release: pages
	.ci/release $(PLATFORMS)

test-generated:
	@before=$$(find $(GENERATED) -type f | sort | xargs sha256sum); \
	go generate ./... && \
	if [ "$$before" != "$$(find $(GENERATED) -type f | sort | xargs sha256sum)" ]; then \
		echo "go generate changed $(GENERATED): look at the change and commit it" >&2; exit 1; \
	fi

test-go: references
ifeq ($(CC_THERE),)
	@$(call left_out,the race detector,a C compiler is not there)
	go test ./...
else
	go test -race -timeout 60m ./...
endif

ifeq ($(and $(NPM),$(CHROMIUM)),)
test-browser:
	@$(call left_out,the browser test,npm or chromium is not there)
else
test-browser: pages
	CHROMIUM=$(CHROMIUM) .ci/with-server npm --prefix web run test:browser --
endif

ifeq ($(NOTEBOOK_PYTHON),)
test-notebooks:
	@$(call left_out,the notebooks,a python3 with pandas and matplotlib and nbclient and ipykernel is not there)
else
test-notebooks:
	.ci/with-server $(NOTEBOOK_PYTHON) .ci/notebooks
endif
