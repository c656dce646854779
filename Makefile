# Every target is one line that can be typed by hand. .ci/run runs them all.

GOLANGCI = go tool -modfile=tools/golangci-lint/go.mod golangci-lint
GOFUMPT  = go tool -modfile=tools/gofumpt/go.mod gofumpt
FUZZTIME = 10s

.PHONY: help test race lint fmt fuzz bench e2e update pictures run build clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' Makefile

test: ## run the tests
	go test ./...

race: ## run the tests under the race detector
	go test -race -timeout 40m ./...

lint: ## vet and lint
	go vet ./... && $(GOLANGCI) run

fmt: ## format the Go files
	$(GOFUMPT) -w .

fuzz: ## fuzz each target for FUZZTIME
	bash .ci/fuzz $(FUZZTIME)

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

e2e: ## run the built action in real jobs; needs Docker Engine
	go test -tags e2e -count=1 -timeout 40m -v ./test/e2e

update: ## rewrite what is generated and checked by tests; read the diff
	grep -rlF '"update"' --include='*_test.go' . | xargs -n1 dirname | sort -u | xargs -I{} go test {} -update

pictures: ## draw the pictures of README.md; needs Chromium
	bash .ci/pictures

run: ## judge this repository's own board
	go run . check

build: ## build the binary
	CGO_ENABLED=0 go build -trimpath -o boardgate .

clean: ## remove what was built
	rm -rf boardgate dist
