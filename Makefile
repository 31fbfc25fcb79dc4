# The two commands of the README are `make demo` and `make test`.
SHELL := /bin/bash
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: build demo test test-long lint bench fuzz pictures
build: bin/rollcall
bin/rollcall: $(shell find cmd jobs pipeline connectors matchers -name '*.go' -o -name '*.sql' -o -name '*.yaml' -o -name '*.txt' -o -name '*.html') go.mod
	@.ci/need go c++
	go build -o $@ ./cmd/rollcall

demo: build
	bin/rollcall demo demo

test: build
	go vet ./...
	go run .ci/tests.go ./...

test-long: build
	ROLLCALL_LONG=1 go run .ci/tests.go -timeout 90m ./matchers/... ./jobs/demo
	go run .ci/tests.go -race -timeout 60m ./...

lint:
	go run $(GOLANGCI) run ./...

bench: build
	go run .ci/bench.go
	.ci/hardness
	.ci/beside
	.ci/standardised
	.ci/families
	go test ./pipeline/standardise -run XXX -bench Pass

fuzz:
	.ci/fuzz

pictures: build
	.ci/pictures
