package config_test

import (
	"testing"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/source"
)

// Whatever the bytes, a reading ends, and each fault has a place in the file and says something.
func FuzzRead(f *testing.F) {
	for _, test := range faults {
		if len(test.text) < 4096 {
			f.Add([]byte(test.text))
		}
	}
	for _, test := range sound {
		f.Add([]byte(test.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := source.NewFile("c.yml", text)
		got := config.Read(file, rules)
		for i, fault := range got.Faults {
			s := fault.Span
			if s.File != file || s.Start < 0 || s.End < s.Start || s.End > len(text) || fault.Message == "" {
				t.Errorf("fault %d of %q is at %d to %d: %s", i, text, s.Start, s.End, fault.Message)
			}
			if i > 0 && got.Faults[i-1].Span.Start > s.Start {
				t.Errorf("faults of %q are not by place", text)
			}
		}
		for role, n := range got.Policy.Limits {
			if n < 0 || n > 9999 {
				t.Errorf("the limit of %s in %q is %d", role, text, n)
			}
		}
	})
}
