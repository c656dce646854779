package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/text"
)

// StateSync reports where board and state file say different things of an item.
var StateSync = declare(&Rule{
	Name:     "state-sync",
	Severity: Error,
	Check: func(p *Pass) {
		if p.State == nil {
			return
		}
		if p.State.Problem == board.Conflict {
			p.Report(Finding{
				Span:    p.State.At,
				Message: fmt.Sprintf("%s holds unresolved merge conflict markers, from this line on, so it was not compared with the board.", p.State.File.Path),
				Hint:    "Resolve the conflict and delete the lines that mark it.",
				Key:     "conflict",
			})
			return
		}
		if len(slices.Concat(p.State.Column(board.InProgress), p.State.Column(board.Stable), p.State.Column(board.Closed))) == 0 {
			p.Remark(fmt.Sprintf("state-sync: %s has no IN PROGRESS, STABLE or CLOSED section, so it was not compared with the board.", p.State.File.Path))
			return
		}
		p.disagreement(p.finished())
	},
})

// finished reports what left WIP for DONE and stands wrongly in the state file.
// It returns the entries it spoke of.
func (p *Pass) finished() []*board.Item {
	var stale []*board.Item
	if !p.compares() {
		return nil
	}
	for _, c := range p.Changes.Changes {
		if c.Kind != compare.Moved || c.Base.Column.Role != board.WIP || c.Head.Column.Role != board.Done {
			continue
		}
		e := p.entryOf(c)
		switch {
		case e != nil && e.Column.Role == board.InProgress:
			stale = append(stale, e)
			p.reportStale(c, e)
		case e == nil && !p.logged(c) && len(p.State.Column(board.Stable))+len(p.State.Column(board.Closed)) > 0:
			p.reportUnnamed(c)
		}
	}
	return stale
}

// entryOf returns the state file's entry for an item under its old or new
// title, the surest; one that is of an item in WIP is no other's.
func (p *Pass) entryOf(c compare.Change) *board.Item {
	for _, it := range []*board.Item{c.Head, c.Base} {
		for _, e := range p.stateEntries(it, board.InProgress, board.Stable, board.Closed) {
			inWIP := slices.ContainsFunc(p.Head.Items(board.WIP), func(it *board.Item) bool { return p.names.Same(e, it) })
			if !inWIP {
				return e
			}
		}
	}
	return nil
}

// logged says whether the state file names a finished item anywhere outside IN
// PROGRESS and NEXT: in a log entry, by its title or its pull request.
func (p *Pass) logged(c compare.Change) bool {
	known := text.Fold(string(p.State.File.Text))
	var unfinished []*board.Item
	for _, open := range []board.Role{board.InProgress, board.Next, board.Blocked} {
		unfinished = append(unfinished, p.State.Items(open)...)
	}
	for _, e := range unfinished {
		known = strings.ReplaceAll(known, text.Fold(e.Block.Text()), "")
	}
	for _, it := range []*board.Item{c.Head, c.Base} {
		if strings.Contains(known, text.Fold(it.Title.Value)) {
			return true
		}
	}
	return slices.ContainsFunc(p.State.Named(), func(r board.Reference) bool {
		return slices.ContainsFunc(c.Head.Pulls, r.Same) &&
			!slices.ContainsFunc(unfinished, func(e *board.Item) bool { return e.Block.Start <= r.Span.Start && r.Span.Start < e.Block.End })
	})
}

func (p *Pass) reportStale(c compare.Change, e *board.Item) {
	p.Report(Finding{
		Span:    e.Title.Span,
		Message: fmt.Sprintf("%s went to DONE and is still listed under IN PROGRESS, as %s.", quote(c.Head.Title.Value), quote(e.Title.Value)),
		Hint:    "Move the entry to STABLE or CLOSED.",
		Related: []Related{{Span: c.Head.Title.Span, Message: "in DONE"}},
		Item:    c.Head,
	})
}

func (p *Pass) reportUnnamed(c compare.Change) {
	p.Report(Finding{
		Severity: Warning,
		Span:     c.Head.Title.Span,
		Message:  fmt.Sprintf("%s went to DONE and %s names it neither under STABLE nor under CLOSED.", quote(c.Head.Title.Value), p.State.File.Path),
		Hint:     "Add an entry there, such as:\n- **" + strings.Join(strings.Fields(c.Head.Title.Value), " ") + "**: what was done, PR number",
		Item:     c.Head,
	})
}

// disagreement reports WIP and IN PROGRESS that do not speak of the same work,
// where the head's own words say what is in WIP.
func (p *Pass) disagreement(stale []*board.Item) {
	if p.again || len(p.State.Column(board.InProgress)) == 0 || len(p.Head.Column(board.WIP)) == 0 {
		return
	}
	wip := p.Head.Items(board.WIP)
	progress := slices.DeleteFunc(p.State.Items(board.InProgress), func(e *board.Item) bool { return slices.Contains(stale, e) })
	missing := p.without(wip, progress)
	extra := p.without(progress, wip)
	var what string
	switch {
	case len(missing) > 0 && len(progress) == 0:
		what = fmt.Sprintf("%s %s in WIP and nothing is under IN PROGRESS", titles(missing), are(missing))
	case len(extra) > 0 && len(wip) == 0:
		what = fmt.Sprintf("WIP is empty and %s %s under IN PROGRESS", titles(extra), are(extra))
	case len(missing) > 0 && len(extra) > 0:
		what = fmt.Sprintf("%s %s in WIP and %s %s under IN PROGRESS", titles(missing), are(missing), titles(extra), are(extra))
	default:
		return
	}
	p.Report(Finding{
		Severity: Warning,
		Span:     p.State.Column(board.InProgress)[0].Title.Span,
		Message:  fmt.Sprintf("board and state file disagree: %s.", what),
		Hint:     "Let both name the same item.",
		Key:      "disagree",
	})
}

// without returns the items of a that nothing in b may stand for.
func (p *Pass) without(a, b []*board.Item) []*board.Item {
	return slices.DeleteFunc(slices.Clone(a), func(x *board.Item) bool {
		return slices.ContainsFunc(b, func(y *board.Item) bool {
			return p.names.Resembles(x, y) || sharesPull(x, y) || x.ID != "" && x.ID == y.ID || x.Designator != "" && x.Designator == y.Designator
		})
	})
}
