package command

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestDoctorOnTerminal says a line where somebody looks, and nothing elsewhere.
func TestDoctorOnTerminal(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"NEXT.md": "## WIP\n\nNone\n", ".gitlab-ci.yml": "gate: { script: [boardgate check] }\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for terminal, want := range map[bool]string{
		true:  "Nothing to fix.\nNote: there is no state file at docs/OPS/STATE.md, docs/STATE.md, STATE.md, so state-sync compares nothing.\n",
		false: "",
	} {
		var out bytes.Buffer
		p := &Process{
			Args: []string{"doctor"}, Stdout: &out, Stderr: &out, Dir: dir, Terminal: terminal,
			Getenv: func(string) string { return "" }, Now: time.Now,
		}
		if status := Run(t.Context(), p); status != Passed || out.String() != want {
			t.Errorf("terminal %v: status %d, output %q, want %q", terminal, status, out.String(), want)
		}
	}
}
