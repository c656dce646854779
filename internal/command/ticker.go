package command

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/report"
)

// ticker says how far the asking has come: on a terminal in one line that is
// written anew, else in a line whenever the answer is another.
type ticker struct {
	out      io.Writer
	terminal bool
	width    int
	last     string
	answered []string
}

func (p *Process) ticker() *ticker {
	return &ticker{out: p.Stderr, terminal: p.Watched, width: cmp.Or(p.Width, 80)}
}

// fact returns what is told of each fact as it is done; all is how many there
// are, 0 where that is not known. It speaks on a terminal only: elsewhere the
// report says it all, soon enough.
func (t *ticker) fact(all int) func(fact.Result) {
	if !t.terminal {
		return nil
	}
	return func(r fact.Result) {
		t.answered = append(t.answered, report.FactsLine(fact.Production{Results: []fact.Result{r}}))
		of := ""
		if all > 0 {
			of = fmt.Sprintf(" of %d", max(all, len(t.answered)))
		}
		t.say(fmt.Sprintf("asked %d%s: %s", len(t.answered), of, strings.Join(t.answered, " ")))
	}
}

// round returns what is told after each round of waiting.
func (t *ticker) round(wanted int) func(round, good int, last fact.Production) {
	return func(round, good int, last fact.Production) {
		line := fmt.Sprintf("%d of %d good in a row: %s", good, wanted, report.FactsLine(last))
		if line == t.last && !t.terminal {
			return
		}
		t.last = line
		t.say(fmt.Sprintf("round %d, %s", round, line))
	}
}

// say writes a line of progress. What cannot be written there is no failure.
func (t *ticker) say(line string) {
	if !t.terminal {
		fmt.Fprintf(t.out, "boardgate: %s\n", line)
		return
	}
	if runes := []rune(line); t.width > 1 && len(runes) >= t.width {
		line = string(runes[:t.width-2]) + "…"
	}
	fmt.Fprintf(t.out, "\r\x1b[K%s", line)
}

// clear takes the line of a terminal away.
func (t *ticker) clear() {
	if t.terminal {
		fmt.Fprint(t.out, "\r\x1b[K")
	}
}
