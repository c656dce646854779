package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkProcess times whole processes beside one that does nothing: what
// boardgate takes over an empty Go program is the difference.
func BenchmarkProcess(b *testing.B) {
	empty := filepath.Join(b.TempDir(), "empty.go")
	if err := os.WriteFile(empty, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	ours, theirs := build(b, "."), build(b, empty)
	seed := filepath.Join("internal", "board", "testdata", "family", "seed.md")
	for _, run := range []struct {
		name, program string
		args          []string
	}{
		{"empty", theirs, nil},
		{"version", ours, []string{"version"}},
		{"check", ours, []string{"check", seed, "--base-file", seed}},
	} {
		b.Run(run.name, func(b *testing.B) {
			for b.Loop() {
				if out, err := exec.Command(run.program, run.args...).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}

func build(b *testing.B, source string) string {
	b.Helper()
	out := filepath.Join(b.TempDir(), "program.exe")
	if said, err := exec.Command("go", "build", "-o", out, source).CombinedOutput(); err != nil {
		b.Fatalf("go build %s: %v\n%s", source, err, said)
	}
	return out
}
