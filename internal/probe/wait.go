package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/text"
	"github.com/theory/jsonpath"
)

// Until adds one more expectation to the facts, written as
// `FACT JSONPATH == VALUE`: `healthz $.sha == "3f2a91c"`. VALUE is JSON, or a
// bare word.
func Until(facts *config.ProdFacts, condition string) (*config.ProdFacts, error) {
	left, right, ok := strings.Cut(condition, "==")
	name, path, spaced := strings.Cut(strings.TrimSpace(left), " ")
	right = strings.TrimSpace(right)
	if !ok || !spaced || right == "" {
		return nil, fmt.Errorf("%q is not a condition: want FACT JSONPATH == VALUE", condition)
	}
	path = strings.TrimSpace(path)
	if _, err := jsonpath.Parse(path); err != nil {
		return nil, pathError(path, err)
	}
	i := slices.IndexFunc(facts.Check, func(c config.Check) bool { return c.Name.V == name })
	if i < 0 {
		return nil, fmt.Errorf("no fact is named %q", name)
	}
	with := *facts
	with.Check = slices.Clone(facts.Check)
	at := with.Check[i].Name.Span
	with.Check[i].JSON = append(slices.Clone(with.Check[i].JSON), config.Expectations{
		Name: config.Value[string]{V: path, Span: at}, Span: at, Each: []config.Expectation{{Key: "equals", Value: operand(right), Span: at}},
	})
	return &with, nil
}

// operand reads a value of a condition.
func operand(written string) any {
	var value any
	d := json.NewDecoder(strings.NewReader(written))
	d.UseNumber()
	if d.Decode(&value) != nil || d.More() {
		return written
	}
	switch v := value.(type) {
	case string, bool, nil, json.Number:
		return v
	}
	return written
}

// Waiting is how long, how often and how surely to wait.
type Waiting struct {
	For      time.Duration                               // at most; 0 for Suite.Wait
	Every    time.Duration                               // from the end of one round to the next; 0 for 5 s
	Stable   int                                         // good rounds in a row that are wanted; 0 for 1
	Only     []string                                    // as in Options
	Progress func(round, good int, last fact.Production) // told after each round; may be nil
}

// Waited is what came of waiting.
type Waited struct {
	Last   fact.Production // the last round
	Rounds int
	Good   int    // good rounds in a row at the end
	Reason string // why it was not enough; empty for Pass
}

// shortestRound is the least time for a round, and for the pause before the last.
const shortestRound = time.Second

// WaitUntilGood checks round after round, one attempt a fact, until all facts
// were good as often in a row as wanted, or the time is over.
func (s *Suite) WaitUntilGood(ctx context.Context, w World, o Waiting) (Waited, error) {
	end := w.Now().Add(orDefault(o.For, s.Wait))
	wanted := max(o.Stable, 1)
	var out Waited
	for {
		left := end.Sub(w.Now())
		last, err := s.Run(ctx, w, Options{Deadline: left, Only: o.Only, Once: true})
		if err != nil {
			return out, err
		}
		out.round(last)
		if o.Progress != nil {
			o.Progress(out.Rounds, out.Good, last)
		}
		if out.Good >= wanted {
			return out, nil
		}
		pause := orDefault(o.Every, 5*time.Second)
		if left := end.Sub(w.Now()); left-pause < shortestRound {
			if pause = left - s.Round(); pause < shortestRound { // else one more, as late as it may be
				out.Reason = fmt.Sprintf("the time was over after %s; %d good in a row, want %d", text.Count(out.Rounds, "round"), out.Good, wanted)
				return out, nil
			}
		}
		if err := w.Sleep(ctx, pause); err != nil {
			out.Reason = "the waiting was stopped"
			return out, errors.Join(err)
		}
	}
}

func (o *Waited) round(last fact.Production) {
	o.Last = last
	o.Rounds++
	o.Good++
	if !last.Outcome().Good() || slices.ContainsFunc(last.Results, func(r fact.Result) bool { return r.Outcome == fact.Skipped }) {
		o.Good = 0
	}
}

// Round is what a round needs at the least to check every fact, and the control.
func (s *Suite) Round() time.Duration {
	var longest time.Duration
	for _, c := range s.checks {
		longest = max(longest, c.timeout)
	}
	if s.control != nil {
		longest += controlTimeout
	}
	return longest
}

func orDefault(d, standard time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return standard
}
