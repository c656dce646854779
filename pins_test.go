package main

import (
	"os"
	"path/filepath"
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
