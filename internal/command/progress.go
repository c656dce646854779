package command

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/report"
)

// progress says how far the asking has come: on a terminal in one line that is
// written anew, else in a line whenever the answer is another.
type progress struct {
	out      io.Writer
	terminal bool
	width    int
	last     string
	answered []string
}

func (p *Process) progress() *progress {
	return &progress{out: p.Stderr, terminal: p.Watched, width: cmp.Or(p.Width, 80)}
}

// factProgress returns what is told of each fact as it is done; all is how many there
// are, 0 where that is not known. It speaks on a terminal only: elsewhere the
// report says it all, soon enough.
func (p *progress) factProgress(all int) func(fact.Result) {
	if !p.terminal {
		return nil
	}
	return func(r fact.Result) {
		p.answered = append(p.answered, report.ProductionLine(fact.Production{Results: []fact.Result{r}}))
		of := ""
		if all > 0 {
			of = fmt.Sprintf(" of %d", max(all, len(p.answered)))
		}
		p.say(fmt.Sprintf("asked %d%s: %s", len(p.answered), of, strings.Join(p.answered, " ")))
	}
}

// roundProgress returns what is told after each round of waiting.
func (p *progress) roundProgress(wanted int) func(round, good int, last fact.Production) {
	return func(round, good int, last fact.Production) {
		line := fmt.Sprintf("%d of %d good in a row: %s", good, wanted, report.ProductionLine(last))
		if line == p.last && !p.terminal {
			return
		}
		p.last = line
		p.say(fmt.Sprintf("round %d, %s", round, line))
	}
}

// say writes a line of progress. What cannot be written there is no failure.
func (p *progress) say(line string) {
	if !p.terminal {
		fmt.Fprintf(p.out, "boardgate: %s\n", line)
		return
	}
	if runes := []rune(line); p.width > 1 && len(runes) >= p.width {
		line = string(runes[:p.width-2]) + "…"
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s", line)
}

// clear takes the line of a terminal away.
func (p *progress) clear() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
