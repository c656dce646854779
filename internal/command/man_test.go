package command

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write docs/boardgate.1 and the files under schema")

const manPath = "../../docs/boardgate.1"

// TestManPage holds the manual page to the commands.
func TestManPage(t *testing.T) {
	want := manPage(rootCommand(&Process{}))
	if *update {
		if err := os.WriteFile(manPath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(manPath)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(got), "\r\n", "\n") // as git checks it out on Windows
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("docs/boardgate.1 is behind the commands; write it with go test ./internal/command -update (-want +got)\n%s", diff)
	}
}

// No line of a command's own words is taken for a request by roff.
func TestRoff(t *testing.T) {
	for s, want := range map[string]string{
		"plain": "plain", ".SH x": `\&.SH x`, "'x": `\&'x`, `a\b`: `a\eb`, "--no-base": `\-\-no\-base`, "a\n.b": "a\n\\&.b", "`~^": `\(ga\(ti\(ha`,
	} {
		if got := roff(s); got != want {
			t.Errorf("roff(%q) = %q, want %q", s, got, want)
		}
	}
}

// manPage writes one page of all commands, in the macros of man(7).
func manPage(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString(".\\\" Written by go test ./internal/command -update from the commands.\n")
	b.WriteString(".TH BOARDGATE 1\n")
	fmt.Fprintf(&b, ".SH NAME\nboardgate \\- %s\n", roff(lowered(root.Short)))
	b.WriteString(".SH SYNOPSIS\n.B boardgate\n.I command\n[\\fIflag\\fR ...] [\\fIargument\\fR ...]\n")
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s\n.SH COMMANDS\n", roff(root.Long))
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			b.WriteString(manCommand(c))
		}
	}
	b.WriteString(manEnd)
	return b.String()
}

const manEnd = `.SH EXIT STATUS
.TP
.B 0
Passed.
.TP
.B 1
Failed: the change brings in an error that no waiver covers.
.TP
.B 2
Wrong use, or a broken configuration.
.TP
.B 3
Unverified: something that should have been there was not available.
.SH FILES
.TP
.IR .github/boardgate.yml ", " .github/boardgate.yaml
The configuration, one of the two. All of it has defaults.
.TP
.I docs/NEXT\-7D.md
The board, where no other is named.
.TP
.I docs/OPS/STATE.md
The state file, where there is one.
.SH ENVIRONMENT
.TP
.BR GITHUB_TOKEN ", " GH_TOKEN
The token with which
.B prod\-facts
asks for workflows and opens the issue of a drill.
.TP
.B GITHUB_REPOSITORY
The repository of these, as owner/name.
.TP
.BR GITHUB_API_URL ", " GITHUB_GRAPHQL_URL
The addresses of a GitHub other than github.com.
.TP
.B NO_COLOR
No colours, where it is not empty.
.SH SEE ALSO
.BR git (1)
.PP
https://github.com/boardgate/boardgate
`

func manCommand(c *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".SS %s\n", roff(strings.TrimSuffix(c.UseLine(), " [flags]")))
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	fmt.Fprintf(&b, ".nf\n%s\n.fi\n", roff(text))
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" {
			b.WriteString(manFlag(f))
		}
	})
	if c.Example != "" {
		fmt.Fprintf(&b, ".PP\n.nf\n%s\n.fi\n", roff(c.Example))
	}
	return b.String()
}

func manFlag(f *pflag.Flag) string {
	kind, usage := pflag.UnquoteUsage(f)
	name := "\\fB" + roff("--"+f.Name) + "\\fR"
	if kind != "" {
		name += " \\fI" + roff(kind) + "\\fR"
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "0s" && f.DefValue != "[]" {
		usage += " (" + f.DefValue + " where it is not given)"
	}
	return fmt.Sprintf(".TP\n%s\n%s\n", name, roff(usage))
}

func lowered(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// roff keeps a text from being read as markup: see groff_man_style(7).
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "`", `\(ga`, "~", `\(ti`, "^", `\(ha`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
