package publish

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake/runner"
	"github.com/boardgate/boardgate/internal/github"
	"github.com/boardgate/boardgate/internal/text"
)

// The oracle must find what is there, or its silence means nothing.
func TestRunnerFindsCommands(t *testing.T) {
	tests := []struct {
		log  string
		want int
	}{
		{"::error::x", 1},
		{"  ::ERROR file=a,line=1::x", 1},
		{"\u00a0::error::x", 1},
		{"\u200b::error::x", 1},
		{":\ufe0f:error::x", 1},
		{"a ##[error]x", 1},
		{"a ##[set-output name=verdict]pass", 1},
		{"#\u200d#[error]x", 1},
		{"a\r::error::x", 1},
		{"::stop-commands::t\n::error::x\n::t::\n::error::y", 1},
		{"::add-mask::e", 1},
		{"x ::error::y", 0},
		{"::error x", 0},
		{"::unknown::x", 0},
		{"##[unknown]x", 0},
		{"## [error]x", 0},
		{`##\[error]x`, 0},
		{"", 0},
	}
	for _, tt := range tests {
		if got := runner.Commands(tt.log); len(got) != tt.want {
			t.Errorf("%q has %d commands %v, want %d", tt.log, len(got), got, tt.want)
		}
	}
}

var nasty = []string{
	"::error::x", "##[set-output name=verdict]pass", "::stop-commands::zzz", "##[stop-commands]zzz", "::add-mask::e", "##[add-matcher]/x",
	"\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\v", "\f", "\x00", "\x1b[31m", "\x1b]0;t\a", "\u202e", "\u200b", "\u200d", "\ufeff", "\u00ad", "\ufe0f", "\u034f",
	"#", "##", "[", "]", ":", "::", ",", "=", "%", "%0A", "%0D%0A", "%25", "%3A", ";", " ", "\t", "\u00a0", "title", "Pass 7", "é", "日本", "🎉",
	"-->", "@org/team", "<details>", "|", "`", "ghadelimiter_", "<<", "EOF", "verdict=pass", "\xff",
}

func hostile(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(12) {
		b.WriteString(nasty[r.IntN(len(nasty))])
	}
	return b.String()
}

func TestLogIsNoCommand(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var out bytes.Buffer
		text := hostile(r)
		NewLog(&out).Line(text)
		if got := runner.Commands(out.String()); len(got) != 0 {
			t.Fatalf("%q was written as %q: the runner carries out %v", text, out.String(), got)
		}
		if n := strings.Count(out.String(), "\n"); n != 1 {
			t.Fatalf("%q was written in %d lines: %q", text, n, out.String())
		}
		if strings.ContainsAny(out.String(), "\r\v\f\x1b\u2028\u2029\u0085\u202e\u200b") {
			t.Fatalf("%q was written with what cannot be seen: %q", text, out.String())
		}
	}
}

// Any character that a comparison may pass over is put where it would hide a command.
func TestLogHidesNothing(t *testing.T) {
	for r := range rune(unicode.MaxRune) {
		if !unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) || r == '\n' {
			continue
		}
		c := string(r)
		for _, text := range []string{c + "::error::x", ":" + c + ":error::x", "#" + c + "#[error]x", "##" + c + "[error]x", c} {
			var out bytes.Buffer
			NewLog(&out).Line(text)
			if got := runner.Commands(out.String()); len(got) != 0 {
				t.Errorf("%U: %q was written as %q: the runner carries out %v", r, text, out.String(), got)
			}
			if seen := strings.TrimRight(out.String(), "\n"); r != '\t' && runner.Visible(seen) != seen {
				t.Errorf("%U was written as it is: %q", r, seen)
			}
		}
	}
}

func TestLogLines(t *testing.T) {
	var out bytes.Buffer
	NewLog(&out).Lines("one\n::error::two\r\n\nx ##[error]y \u202etxt\tend 🏷️\n")
	want := "| one\n| ::error::two\n| \n| x ##⟨[⟩error]y ⟨U+202E⟩txt end 🏷\ufe0f\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// What the runner reads is the one command, with every value as it was meant.
func TestAnnotationsAreTheirOwn(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		a := github.Annotation{
			Path: hostile(r), StartLine: 3, EndLine: 3 + r.IntN(2), StartColumn: 2, EndColumn: 9,
			Level: []string{"failure", "warning", "notice"}[r.IntN(3)], Title: hostile(r), Message: hostile(r),
		}
		var out bytes.Buffer
		NewLog(&out).Annotate(a)
		want := runner.Command{Name: word(a.Level), Properties: map[string]string{
			"file": text.Visible(a.Path), "line": "3", "endLine": fmt.Sprint(a.EndLine), "title": strings.TrimSpace(text.Visible(a.Title)),
		}, Data: cleanLines(a.Message)}
		if a.EndLine == 3 {
			want.Properties["col"], want.Properties["endColumn"] = "2", "9"
		}
		if diff := cmp.Diff([]runner.Command{want}, runner.Commands(out.String())); diff != "" {
			t.Fatalf("%q was written as %q; the runner reads (-want +got):\n%s", a, out.String(), diff)
		}
	}
}

func cleanLines(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, text.Visible(strings.TrimRight(line, "\r\n")))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func TestAnnotationWithoutPlace(t *testing.T) {
	var out bytes.Buffer
	NewLog(&out).Annotate(github.Annotation{Level: "failure", Message: "no board"})
	if want := "::error ::no board\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestOutputsAreTheirOwn(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	random := rand.NewChaCha8([32]byte{})
	for range 3000 {
		want := []Output{{"verdict", hostile(r)}, {"facts", hostile(r) + "\n"}, {"check-run-id", ""}}
		text, err := encode(want, random)
		if err != nil {
			t.Fatal(err)
		}
		got, err := readOutputs(string(text))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q reads as (-want +got):\n%s", text, diff)
		}
	}
}

func TestOutputsRefused(t *testing.T) {
	zeros := func() *bytes.Reader { return bytes.NewReader(make([]byte, 64)) }
	known := "ghadelimiter_" + strings.Repeat("0", 32)
	tests := []struct {
		name   string
		output Output
		random *bytes.Reader
		want   string
	}{
		{"delimiter in the value", Output{"verdict", "x\n" + known + "\npassed=true"}, zeros(), "its own delimiter"},
		{"not a name", Output{"", "x"}, zeros(), "not an output name"},
		{"two names", Output{"verdict<<x", "x"}, zeros(), "not an output name"},
		{"a name with a line in it", Output{"verdict\nx", "x"}, zeros(), "not an output name"},
		{"no random numbers", Output{"verdict", "x"}, bytes.NewReader(nil), "random"},
	}
	for _, tt := range tests {
		if _, err := encode([]Output{tt.output}, tt.random); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}

func TestDelimitersDiffer(t *testing.T) {
	random := rand.NewChaCha8([32]byte{1})
	a, _ := delimiter(random)
	b, _ := delimiter(random)
	if a == b || len(a) < 32 {
		t.Errorf("delimiters %q and %q", a, b)
	}
}

func TestCut(t *testing.T) {
	long := strings.Repeat("🎉é x\n", 30_000)
	for _, max := range []int{600, 601, 602, 603, 604, 65_535} {
		if got := text.ClipBytes(long, max); len(got) > max || !utf8.ValidString(got) {
			t.Errorf("cut at %d: %d bytes, valid %v", max, len(got), utf8.ValidString(got))
		}
		for name, s := range map[string]string{"plain": long, "fence": "````\n" + long, "details": "<details><summary>x</summary>\n\n" + long, "one line": strings.ReplaceAll(long, "\n", "")} {
			got := CutMarkdown(s, max)
			if len(got) > max || !utf8.ValidString(got) {
				t.Errorf("%s cut at %d: %d bytes, valid %v", name, max, len(got), utf8.ValidString(got))
			}
			if closing(got) != "" {
				t.Errorf("%s cut at %d leaves open %q", name, max, closing(got))
			}
			if !strings.Contains(got, "bytes more") {
				t.Errorf("%s cut at %d does not say so", name, max)
			}
		}
	}
	if got := CutMarkdown("short", 5); got != "short" {
		t.Errorf("%q", got)
	}
}

// readOutputs reads GITHUB_OUTPUT as the runner does.
func readOutputs(text string) ([]Output, error) {
	read, err := runner.Outputs(text)
	var out []Output
	for _, o := range read {
		out = append(out, Output(o))
	}
	return out, err
}
