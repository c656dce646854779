// Package text is what the other packages do to strings: make them safe to
// print, cut, count, compare and guess them. It is pure, and knows nothing of
// boards.
package text

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns s on one line with nothing in it that acts on its reader.
//
// Controls, bidirectional overrides and invisible runes are shown by number,
// ⟨U+202E⟩; bytes that are not UTF-8 by value, ⟨0xFF⟩; line breaks and tabs
// become spaces. A terminal obeys escape sequences, an editor bidirectional
// overrides (https://trojansource.codes).
func Visible(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	before := rune(' ')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		after, _ := utf8.DecodeRuneInString(s[i+size:])
		b.WriteString(shown(before, r, after, s[i:i+size]))
		before = r
		i += size
	}
	return defused(b.String())
}

// plainASCII says that Visible has nothing to change.
func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E || s[i] == '#' {
			return false
		}
	}
	return true
}

// JobCommand is how a command begins that a CI obeys anywhere in a line: "##[",
// the older form of GitHub's (actions/runner, ActionCommand.TryParse), and
// "##vso[" of Azure Pipelines or "##teamcity[".
var JobCommand = regexp.MustCompile(`##(\w*)\[`)

// defused breaks the commands that are obeyed anywhere in a line.
func defused(s string) string {
	if !strings.Contains(s, "##") {
		return s
	}
	return JobCommand.ReplaceAllString(s, "##${1}⟨[⟩")
}

// Inert returns a visible line as it may be printed in a job: it begins with no
// "::", which the runner obeys after white space, and holds no other command.
func Inert(line string) string {
	bare := strings.TrimLeftFunc(line, unicode.IsSpace)
	if rest, ok := strings.CutPrefix(bare, "::"); ok {
		line = line[:len(line)-len(bare)] + "⟨::⟩" + rest
	}
	return defused(line)
}

// Line returns a line of anybody's text as a terminal, and a log that a runner
// reads, may have it.
func Line(s string) string { return Inert(Visible(s)) }

// Block is Line for each line of a text; the line breaks stay.
func Block(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Line(line)
	}
	return strings.Join(lines, "\n")
}

// shown returns what stands for the rune r, read from raw, between its neighbours.
func shown(before, r, after rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf("⟨0x%02X⟩", raw[0])
	case r == '\n' || r == '\r' || r == '\t':
		return " "
	case joins(before, r, after):
		return raw
	case Invisible(r):
		return fmt.Sprintf("⟨U+%04X⟩", r)
	}
	return raw
}

// joins says that an invisible rune does its work here: it makes one emoji of
// two, chooses an emoji's form, or shapes letters that need it (Persian, Hindi).
func joins(before, r, after rune) bool {
	switch r {
	case 0xFE0E, 0xFE0F:
		return takesVariationSelector(before) || isKeycap(before) && after == 0x20E3
	case 0x200D:
		return isPictograph(before) && isPictograph(after) || isJoiningScript(before) && isJoiningScript(after)
	case 0x200C:
		// Where a line is taken apart, what comes after is not in sight.
		return isJoiningScript(before) && (isJoiningScript(after) || after == utf8.RuneError)
	}
	return false
}

// takesVariationSelector says that r is a picture which a selector may turn to colour.
func takesVariationSelector(r rune) bool {
	return r > unicode.MaxASCII && (unicode.IsSymbol(r) || unicode.IsPunct(r) || r == 0x2139)
}

func isKeycap(r rune) bool { return r == '#' || r == '*' || r >= '0' && r <= '9' }

// isPictograph says that r may stand beside the joiner of an emoji sequence.
func isPictograph(r rune) bool {
	return r != utf8.RuneError && (unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r)) || r == 0xFE0F
}

// isJoiningScript says that r is of a script in which joiners are spelling.
func isJoiningScript(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gujarati, unicode.Gurmukhi, unicode.Kannada, unicode.Malayalam, unicode.Oriya, unicode.Sinhala,
		unicode.Tamil, unicode.Telugu, unicode.Khmer, unicode.Myanmar)
}

// Invisible says that r shows nothing of itself, or changes how others show.
func Invisible(r rune) bool {
	switch {
	case r >= ' ' && r <= '~':
		return false
	case r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0: // Hangul fillers: letters that are blank
		return true
	case r == 0x2800: // the blank Braille pattern
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF: // variation selectors
		return true
	case r == 0x034F, r == 0x17B4, r == 0x17B5, r >= 0x180B && r <= 0x180F: // joiners and selectors of older scripts
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs,
		unicode.Noncharacter_Code_Point, unicode.Other_Default_Ignorable_Code_Point)
}

// Lines returns the lines of a text of several, each visible, without those
// that are empty at its end.
func Lines(s string) []string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var out []string
	for line := range strings.SplitSeq(strings.TrimRight(s, "\n\r \t"), "\n") {
		out = append(out, Visible(strings.ReplaceAll(line, "\t", "    ")))
	}
	return out
}
