package rule

import (
	"fmt"
	"slices"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/text"
)

// WIPAge reports items that have been in WIP for longer than the configuration
// allows. Where it sets no limit, there is none.
var WIPAge = declare(&Rule{
	Name:     "wip-age",
	Severity: Warning,
	Wants: func(p *Pass, w *fact.Wanted) {
		if slices.ContainsFunc(p.inWork(), func(it *board.Item) bool { return it.Started.IsZero() }) {
			w.Since = p.Now.Add(-p.Policy.WIPAge)
		}
	},
	Check:    (*Pass).overAge,
	Standing: (*Pass).overAge,
})

// inWork returns the items of WIP whose age has a limit; what is struck out is done.
func (p *Pass) inWork() []*board.Item {
	if p.Policy.WIPAge == 0 {
		return nil
	}
	return slices.DeleteFunc(p.Head.Items(board.WIP), func(it *board.Item) bool { return it.Mark == board.Struck })
}

func (p *Pass) overAge() {
	items := p.inWork()
	limit, stayed := p.Policy.WIPAge, p.stayed(items)
	for _, it := range items {
		how := "for more than " + duration(limit)
		switch day := p.startOf(it); {
		case !day.IsZero() && p.Now.Sub(day.Time().AddDate(0, 0, 1)) > limit: // it may have begun at the day's end
			how = fmt.Sprintf("since %s; the limit is %s", day.Time().Format(time.DateOnly), duration(limit))
		case !day.IsZero() || !stayed[it]:
			continue
		}
		p.Report(Finding{
			Span:    it.Title.Span,
			Message: fmt.Sprintf("%s has been in WIP %s.", quote(it.Title.Value), how),
			Hint:    "Finish it, split it, or move it back to NEXT.",
			Item:    it,
		})
	}
}

// startOf returns the day that an item names as its start. One of the base that
// names none has the head's, so that to write the day down makes nothing older.
func (p *Pass) startOf(it *board.Item) board.Date {
	if it.Started.IsZero() && p.later != nil {
		if now := p.Changes.HeadOf(it); now != nil {
			return now.Started
		}
	}
	return it.Started
}

// stayed returns those of WIP's items that stood there in the base and in every
// version of the board since the limit.
func (p *Pass) stayed(items []*board.Item) map[*board.Item]bool {
	out := map[*board.Item]bool{}
	if len(p.Earlier) == 0 {
		return out
	}
	for _, it := range items {
		out[it] = true
	}
	versions := p.Earlier
	if p.Base != nil {
		versions = append(slices.Clone(versions), p.Base)
	}
	for _, version := range versions {
		r := compare.Boards(wipOf(version), wipOf(p.Head))
		for _, it := range items {
			out[it] = out[it] && r.BaseOf(it) != nil
		}
	}
	return out
}

// wipOf returns a board of WIP alone.
func wipOf(b *board.Board) *board.Board {
	return &board.Board{File: b.File, Columns: b.Column(board.WIP)}
}

// duration returns whole days or hours in words.
func duration(d time.Duration) string {
	const day = 24 * time.Hour
	if d%day == 0 {
		return text.Count(int(d/day), "day")
	}
	return text.Count(int(d/time.Hour), "hour")
}
