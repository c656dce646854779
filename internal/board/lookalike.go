package board

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mtibben/confusables"
	"golang.org/x/text/unicode/norm"
)

// Lookalike is a heading that a reader may take for a column, and that is none:
// letters of other scripts, or other signs, stand in a column's word.
type Lookalike struct {
	Text
	Word string // the configured word that it resembles
}

// resembles returns the words of a column that a heading looks like without
// being one, empty where it looks like none. Texts look alike that have the same
// skeleton (https://www.unicode.org/reports/tr39/#Confusable_Detection), in any case.
func (p *reader) resembles(r region) string {
	if p.skeletons == nil {
		p.skeletons = map[string]string{}
		for _, ph := range p.phrases {
			written := strings.Join(strings.Fields(ph.words), "")
			for _, w := range []string{written, strings.ToUpper(written), strings.ToLower(written)} {
				p.skeletons[skeleton(w)] = ph.words
			}
		}
	}
	s := Visible(p.raw(r))
	turned := strings.ContainsRune(s, '\u202e')
	if runes := []rune(s); turned {
		slices.Reverse(runes) // it is shown from right to left
		s = string(runes)
	}
	_, n := numbering(s)
	words := strings.FieldsFunc(s[n:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("()[]{}:—–-_", r) })
	for i := range words[:min(len(words), mostWords)] {
		said := strings.Join(words[:i+1], "")
		if like := p.skeletons[skeleton(said)]; like != "" && (turned || fold(said) != compact(like)) {
			return like
		}
	}
	return ""
}

func skeleton(s string) string {
	return strings.ToLower(confusables.Skeleton(norm.NFKC.String(strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, s))))
}
