package command

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/boardgate/boardgate/internal/fake/runner"
	"github.com/boardgate/boardgate/internal/text"
)

// What an error quotes, and a hint, act on nobody: not on the runner of a job,
// and not on a terminal.
func TestErrorsAreOnlyText(t *testing.T) {
	const hostile = "GitHub answered 403: no\n::error::forged\n  ::stop-commands::x\r##[set-output name=verdict]pass \x1b[31mred"
	var out bytes.Buffer
	p := &Process{Stderr: &out}
	if status := p.status(&failure{Failed, errors.New(hostile), "add\n" + hostile}); status != Failed {
		t.Errorf("exit status %d", status)
	}
	if obeyed := runner.Commands(out.String()); len(obeyed) > 0 {
		t.Errorf("the runner would obey %+v", obeyed)
	}
	if at := strings.IndexFunc(out.String()+text.Block(hostile), func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); at >= 0 {
		t.Errorf("%q acts on a terminal", out.String())
	}
	if obeyed := runner.Commands(text.Block(hostile)); len(obeyed) > 0 {
		t.Errorf("of what init and doctor show the runner would obey %+v", obeyed)
	}
	if !strings.HasPrefix(out.String(), "boardgate: GitHub answered 403: no\n") {
		t.Errorf("got %q", out.String())
	}
}
