package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
)

// DoneMerged reports pull requests cited in DONE that were not merged.
var DoneMerged = declare(&Rule{
	Name:     "done-merged",
	Severity: Error,
	Wants: func(p *Pass, w *fact.Wanted) {
		p.wantPulls(w, func(board.Reference) bool { return true })
	},
	Check: func(p *Pass) {
		var unasked []board.Reference
		for _, it := range p.Arrivals() {
			for _, r := range it.Pulls {
				switch answer := p.pull(r); {
				case !p.cites(it, r), p.isThis(r):
				case answer.State == fact.NotAsked:
					unasked = append(unasked, r)
				default:
					p.judgePull(it, r, answer)
				}
			}
		}
		p.reportUnasked(unasked)
	},
})

func (p *Pass) judgePull(it *board.Item, r board.Reference, a fact.PullAnswer) {
	name := r.Name()
	say := func(s config.Severity, what, hint string) {
		p.Report(Finding{
			Severity: s, Span: r.Span, Item: it, Key: name, Hint: hint,
			Message: fmt.Sprintf("%s, cited for %s, %s.", name, quote(it.Title.Value), what),
		})
	}
	switch a.State {
	case fact.Unknown:
		p.CouldNotFindOut(fmt.Sprintf("%s, cited for %s, could not be looked up: %s", name, quote(it.Title.Value), a.Reason))
	case fact.Unreadable:
		say(Notice, "is in another repository that cannot be read from here", "Check it by hand, or cite a pull request of this repository.")
	case fact.Absent:
		say(Error, "does not exist here", "Cite the number of the pull request that was merged.")
	case fact.IsIssue:
		say(Error, "is an issue, not a pull request", "Cite the pull request that closed it.")
	case fact.Closed:
		say(Error, "was closed without being merged", "Cite the pull request that was merged in its place.")
	case fact.OpenPull:
		say(Error, "is still open", "Move the item to DONE when it is merged.")
	case fact.Merged:
		if r.Repo != "" || a.Base == "" || len(p.Facts.Branches) == 0 || a.Reach == fact.Reached || slices.Contains(p.Facts.Branches, a.Base) {
			return
		}
		into := fmt.Sprintf("was merged into %s, not into %s", quote(a.Base), strings.Join(quotes(p.Facts.Branches), " or "))
		if a.Reach == fact.ReachUnknown {
			say(Notice, into+"; whether this change contains it could not be found out", "")
			return
		}
		say(Warning, into+", and this change does not contain it", "Wait until it has been merged into the board's branch too.")
	}
}

// reportUnasked names the pull requests that nobody could be asked about.
func (p *Pass) reportUnasked(refs []board.Reference) {
	if len(refs) == 0 {
		return
	}
	known := map[string]bool{}
	var names []string
	for _, r := range refs {
		if name := r.Name(); !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	shown := names[:min(12, len(names))]
	more := ""
	if n := len(names) - len(shown); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	p.Report(Finding{
		Severity: Notice,
		Span:     refs[0].Span,
		Message:  fmt.Sprintf("whether these are merged was not checked: %s%s.", strings.Join(shown, ", "), more),
		Hint:     "The pull request check looks them up on GitHub; here only `git log` is available, which cannot say no.",
		Key:      "not-asked",
		Column:   board.Done,
	})
}
