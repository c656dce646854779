package change

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/source"
)

func TestConfigure(t *testing.T) {
	const yaml = "\x00" // what follows stands in the other spelling
	const one, two, broken, worse = "limits: {wip: 1}\n", "limits: {wip: 2}\n", "limits: 7\n", "nope: 1\n"
	tests := []struct {
		name                string
		base, head          string // empty for none
		judge               int    // the limit of WIP in force, 0 for none
		edited              bool
		commit, remark, bad string
	}{
		{"none", "", "", 0, false, "", "", ""},
		{"the head's alone", "", two, 2, false, "", "", ""},
		{"the head's alone, broken", "", broken, 0, false, "", "", "limits"},
		{"the same", one, one, 1, false, "c0ffee", "", ""},
		{"the same, broken", broken, broken, 0, false, "c0ffee", "", "limits"},
		{"edited", one, two, 1, true, "c0ffee", "", ""},
		{"taken away", one, "", 1, true, "c0ffee", "", ""},
		{"edited and broken", one, broken, 1, true, "c0ffee", "", ""},
		{"put right", broken, two, 0, true, "", "is broken (.github/boardgate.yml:1:9", ""},
		{"broken, and taken away", broken, "", 0, true, "", "is broken", ""},
		{"both broken", broken, worse, 0, true, "c0ffee", "", "nope"},
		{"in other white space", one, strings.Replace(one, "\n", " \r\n\r\n", 1), 1, false, "c0ffee", "", ""},
		{"renamed", one, yaml + one, 1, false, "c0ffee", "", ""},
		{"renamed and edited", one, yaml + two, 1, true, "c0ffee", "", ""},
		{"a second file added", one, one + yaml + two, 1, true, "c0ffee", "", ""},
		{"a second file added to the other", yaml + two, one + yaml + two, 2, true, "c0ffee", "", ""},
		{"two files brought", "", one + yaml + two, 1, false, "", "", "are both there"},
		{"two files", one + yaml + two, one + yaml + two, 1, false, "c0ffee", "", "are both there"},
		{"two files, the second edited", one + yaml + two, one + yaml + one, 1, false, "c0ffee", "", "are both there"},
		{"two files, one taken away", one + yaml + two, one, 0, true, "", "are both there", ""},
		{"two files, the other taken away", one + yaml + two, yaml + two, 0, true, "", "are both there", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := configure(configFile(test.base), configFile(test.head), "c0ffee")
			if got := p.Judge.Limits[board.WIP]; got != test.judge {
				t.Errorf("limit in force = %d, want %d", got, test.judge)
			}
			if before := configFile(test.base); before == nil && len(p.Before.Limits) > 0 {
				t.Errorf("what the base says = %v, and it says nothing", p.Before.Limits)
			}
			if got := p.Edited != nil; got != test.edited {
				t.Errorf("edited = %t, want %t", got, test.edited)
			}
			if p.Judge.Commit != test.commit {
				t.Errorf("commit = %q, want %q", p.Judge.Commit, test.commit)
			}
			if !strings.Contains(p.Remark, test.remark) || (p.Remark == "") != (test.remark == "") {
				t.Errorf("remark = %q, want %q in it", p.Remark, test.remark)
			}
			bad := ""
			if p.Broken != nil {
				bad = p.Broken.Faults[0].Message
			}
			if !strings.Contains(bad, test.bad) || (bad == "") != (test.bad == "") {
				t.Errorf("broken: %q, want %q in it", bad, test.bad)
			}
		})
	}
}

// configFile returns the configuration of that text, and of that behind a NUL in
// the second file; nil for none.
func configFile(text string) *Config {
	files := fileSource{}
	files[ConfigPaths[0]], files[ConfigPaths[1]], _ = strings.Cut(text, "\x00")
	c, _ := FindConfig(context.Background(), files, ConfigPaths)
	return c
}

// fileSource is a side that has these files.
type fileSource map[string]string

func (fileSource) Commit() string { return "" }

func (s fileSource) Read(_ context.Context, path string) (*source.File, error) {
	if s[path] == "" {
		return nil, nil
	}
	return source.NewFile(path, []byte(s[path])), nil
}

func (fileSource) RenamedTo(context.Context, Source, string) (string, error) { return "", nil }

func (s fileSource) List(_ context.Context, folder string) ([]string, error) {
	var out []string
	for _, path := range slices.Sorted(maps.Keys(s)) {
		below, inside := strings.CutPrefix(path, strings.TrimPrefix(folder+"/", "/"))
		name, _, isFolder := strings.Cut(below, "/")
		if isFolder {
			name += "/"
		}
		if inside && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, nil
}
