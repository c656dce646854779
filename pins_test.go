package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/goccy/go-yaml"
)

// The repository's own workflows run the code of pull requests, so that their
// token only reads. A workflow without the block would get what the settings say.
func TestOwnWorkflowsOnlyRead(t *testing.T) {
	paths, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		type permissions map[string]string
		var workflow struct {
			Permissions permissions
			Jobs        map[string]struct{ Permissions permissions }
		}
		if err := yaml.Unmarshal(text, &workflow); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		blocks := []permissions{workflow.Permissions}
		for _, job := range workflow.Jobs {
			blocks = append(blocks, job.Permissions)
		}
		if workflow.Permissions == nil {
			t.Errorf("%s has no permissions block", path)
		}
		for _, block := range blocks {
			for scope, level := range block {
				if level != "read" && level != "none" {
					t.Errorf("%s: %s: %s", path, scope, level)
				}
			}
		}
	}
}

// What the action and the image are built from is named by its content.
func TestPinnedByDigest(t *testing.T) {
	dockerfile, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^ARG GO_IMAGE=golang:1\.\d+@sha256:[0-9a-f]{64}$`).Match(dockerfile) {
		t.Error("the Dockerfile's GO_IMAGE has no digest")
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (?:--platform=\S+ )?(\S+)`).FindAllSubmatch(dockerfile, -1) {
		if name := string(from[1]); name != "${GO_IMAGE}" && name != "scratch" {
			t.Errorf("FROM %s", name)
		}
	}
	paths, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range regexp.MustCompile(`(?m)^\s*-? ?uses: (\S+)`).FindAllSubmatch(text, -1) {
			if !regexp.MustCompile(`^(\./|[^@]+@[0-9a-f]{40}$)`).Match(use[1]) {
				t.Errorf("%s: uses: %s", path, use[1])
			}
		}
	}
}
