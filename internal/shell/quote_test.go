package shell

import (
	"os/exec"
	"strings"
	"testing"
)

func TestWord(t *testing.T) {
	for s, want := range map[string]string{
		"main": "main", "origin/main": "origin/main", "feature/ä-1": "feature/ä-1", "docs/NEXT-7D.md": "docs/NEXT-7D.md",
		"": "''", "main;touch x": "'main;touch x'", "$(touch x)": "'$(touch x)'", "it's": `'it'\''s'`, "~/x": "'~/x'", "=ls": "'=ls'",
		"a{b,c}": "'a{b,c}'", "!1": "'!1'", "#1": "'#1'", "a‒b": "'a‒b'", `C:\x`: `'C:\x'`,
		"a`touch x`": `$'a\140touch x\140'`, "a\nb": `$'a\012b'`, "\x1b[2J": `$'\033[2J'`, "a\u202eb": `$'a\342\200\256b'`,
		"a\xffb": `$'a\377b'`, "`'\\": `$'\140\047\134'`, "a\u00a0b": `$'a\302\240b'`,
	} {
		if got := Word(s); got != want {
			t.Errorf("Word(%q) = %s, want %s", s, got, want)
		}
	}
}

func TestOperand(t *testing.T) {
	for s, want := range map[string]string{"main": "main", "a b": "'a b'", "-x": "-- -x", "--a=$(b)": "-- '--a=$(b)'"} {
		if got := Operand(s); got != want {
			t.Errorf("Operand(%q) = %s, want %s", s, got, want)
		}
	}
}

// hostile are texts that a shell would obey.
var hostile = []string{
	"main;touch x", "$(touch x)", "a`touch x`b", "it's $(touch x) here", "a`' $(touch x) '`b", "\n touch x \n", `\'; touch x; '`, "> x", "a|touch x",
	"~", "*", "a\tb  c", "é\u200d\u202e", "\xff\xfe", `"$HOME"`, "$'touch x'", "--", "-n", "!!", "",
}

// A shell reads the word that was meant, and runs nothing of it.
func TestShellReadsTheWord(t *testing.T) {
	for _, shell := range []string{"bash", "zsh"} {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				t.Skip("not installed")
			}
			for _, s := range hostile {
				out, err := exec.Command(shell, "-c", "printf '<%s>' "+Word(s)).CombinedOutput()
				if err != nil || string(out) != "<"+s+">" {
					t.Errorf("%s is read as %q, %v; want %q", Word(s), out, err, s)
				}
			}
		})
	}
}

// One that knows no dollar quotes runs nothing of it either.
func TestOlderShellRunsNothing(t *testing.T) {
	if _, err := exec.LookPath("dash"); err != nil {
		t.Skip("dash is not installed")
	}
	for _, s := range hostile {
		c := exec.Command("dash", "-c", "touch() { echo RAN; }; printf '<%s>' "+Word(s))
		c.Dir = t.TempDir()
		if out, err := c.CombinedOutput(); err != nil || strings.Contains(string(out), "RAN") {
			t.Errorf("%s: %q, %v", Word(s), out, err)
		}
	}
}
