package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shapes are texts that ask for more work than others of their size; "%d" is a
// number that runs on.
var shapes = []struct{ name, unit string }{
	{"bullets", "- a\n"},
	{"bullets after carriage returns", "- a\r"},
	{"empty bullets", "-\n"},
	{"paragraphs", "a\n\n"},
	{"bullets in a line", "- "},
	{"quotes in a line", "> "},
	{"columns", "## Done\n"},
	{"look-alike columns", "## W1P\n"},
	{"sub-headings", "### a%d\n"},
	{"tables", "| a |\n|---|\n| b |\n\n"},
	{"cells", "| a "},
	{"open emphasis", "**a "},
	{"open brackets", "["},
	{"open tags", "<a "},
	{"comments", "<!-- a -->\n"},
	{"paragraphs of HTML", "<p>\n\n"},
	{"entities", "&amp;"},
	{"definitions of links", "[a%d]: b\n"},
	{"pull requests", "- Item %d PR #%d\n"},
	{"ids", "- T-%d item\n"},
	{"old titles", "- a%d (was: b%d)\n"},
	{"combining marks", "e\u0301"},
	{"spaces", " "},
	{"one word", "a"},
}

// BenchmarkShapes times whole processes on boards of 2 and 4 MiB, against another
// of the same shape, and says how much memory each had at most.
func BenchmarkShapes(b *testing.B) {
	program := build(b, ".")
	for _, s := range shapes {
		for _, mib := range []int{2, 4} {
			var files [2]string
			for side := range files {
				files[side] = filepath.Join(b.TempDir(), fmt.Sprintf("%d.md", side))
				text := "## WIP\n- x\n\n## NEXT\n\n## DONE\n" + filled(s.unit, mib<<20-100, side)
				if err := os.WriteFile(files[side], []byte(text), 0o644); err != nil {
					b.Fatal(err)
				}
			}
			b.Run(fmt.Sprintf("%s/%dMiB", s.name, mib), func(b *testing.B) {
				most := 0.0
				for b.Loop() {
					c := exec.Command(program, "check", files[1], "--base-file", files[0])
					if err := c.Run(); err != nil && c.ProcessState.ExitCode() < 0 {
						b.Fatal(err)
					}
					most = max(most, peak(c.ProcessState))
				}
				b.ReportMetric(most, "MiB")
			})
		}
	}
}

func filled(unit string, size, side int) string {
	var out strings.Builder
	for n := side * 10_000_000; out.Len() < size; n++ {
		out.WriteString(strings.ReplaceAll(unit, "%d", fmt.Sprint(n)))
	}
	return out.String()
}
