package rule

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/source"
)

// ItemLost reports items that left NEXT or WIP for nowhere. It is an error only
// where nothing that the head says names the item.
var ItemLost = declare(&Rule{
	Name:     "item-lost",
	Severity: Error,
	Both:     true,
	Check: func(p *Pass) {
		if !p.compares() {
			return
		}
		losses := slices.DeleteFunc(slices.Clone(p.Changes.Losses), func(l compare.Loss) bool {
			return l.Before != nil || l.Marked != "" || p.archived(l.Item)
		})
		if p.archiveUnknown(len(losses) > 0) {
			return
		}
		for _, l := range losses {
			p.reportLoss(l)
		}
	},
})

func (p *Pass) reportLoss(l compare.Loss) {
	title, from := l.Item.Title.Value, column(l.Item.Column.Role)
	f := Finding{
		Span:    p.place(l.Item),
		Item:    l.Item,
		Message: fmt.Sprintf("%s was removed from %s and is in no other column; it read: %s.", quote(title), from, quote(board.Visible(l.Item.Line.Text()))),
		Hint:    "Put it back, or say what became of it:\n" + dropped(title),
	}
	at, named := p.trace().of(l.Item)
	switch {
	case l.Likely:
		f.Severity = Warning
		f.Message = fmt.Sprintf("%s left %s; it may have become %s, but that is not clear.", quote(title), from, titles(l.Near))
	case named:
		f.Severity = Warning
		f.Message = fmt.Sprintf("%s was removed from %s and is in no other column; line %d of %s names it.", quote(title), from, at.From().Line, at.File.Path)
		f.Related = []Related{{Span: at, Message: "names it"}}
	case l.Item.Column.Role == board.WIP && p.Archive == nil:
		if file := p.elsewhere(); file != "" {
			f.Severity = Warning
			f.Message = fmt.Sprintf("%s was removed from WIP and is in no other column; the board names %s, which was not read.", quote(title), file)
			f.Hint = "If finished items go there, say so in " + p.configPath() + ", so that they are looked for:\narchive: " + p.fromRoot(file)
		}
	}
	if len(l.Near) > 0 && !named {
		f.Hint = fmt.Sprintf("If it became %s, say it behind the new title: (was: %s). If not, say what became of it:\n%s", titles(l.Near), title, dropped(title))
		for _, n := range l.Near {
			f.Related = append(f.Related, Related{Span: n.Title.Span, Message: "may be it"})
		}
	}
	p.Report(f)
}

// elsewhere returns the first Markdown file for finished work that the board
// names, as it names it; empty where it names none.
func (p *Pass) elsewhere() string {
	for _, word := range strings.FieldsFunc(string(p.Head.File.Text), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("`()[]<>,;\"'|*", r)
	}) {
		word = strings.TrimRight(word, ".:")
		name := strings.ToLower(path.Base(word))
		if strings.HasSuffix(name, ".md") && !strings.Contains(word, "://") &&
			slices.ContainsFunc(wordLists()["board"]["finished file"], func(w string) bool { return strings.Contains(name, w) }) {
			return word
		}
	}
	return ""
}

// fromRoot returns the path of a file that the board names, from the
// repository's root: beside the board where it is no more than a name.
func (p *Pass) fromRoot(file string) string {
	if rest, ok := strings.CutPrefix(file, "/"); ok {
		return rest
	}
	if strings.Contains(file, "/") && !strings.HasPrefix(file, "./") && !strings.HasPrefix(file, "../") {
		return file
	}
	return path.Join(path.Dir(p.Head.File.Path), file)
}

// dropped returns the marker by which an author says that an item was dropped.
func dropped(title string) string {
	title = strings.NewReplacer("-->", "", `"`, "'").Replace(title)
	return fmt.Sprintf("<!-- boardgate: dropped %q: why -->", title)
}

// place returns where a finding about a line of the base goes in the head: its
// column's heading, else the first line.
func (p *Pass) place(it *board.Item) source.Span {
	if cols := p.Head.Column(it.Column.Role); len(cols) > 0 {
		return cols[0].Title.Span
	}
	return p.Head.File.LineSpan(1)
}
