// Package shell writes words of commands that a person pastes into a shell.
package shell

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word returns s as one word of a command that is pasted into a POSIX shell:
// as it is where it is plain, else in single quotes. What cannot be printed, and
// the backtick, which would end a code span of Markdown, are written by number in
// dollar quotes. Those hold no single quote, so that a shell that does not know
// dollar quotes runs nothing of it either.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
func Word(s string) string {
	switch {
	case strings.ContainsFunc(s, unshown):
		return dollarQuoted(s)
	case s == "" || strings.ContainsFunc(s, special):
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// Operand is Word for a word that a command must not take for an option.
func Operand(s string) string {
	if strings.HasPrefix(s, "-") {
		return "-- " + Word(s)
	}
	return Word(s)
}

// special says whether a rune may have a meaning to a shell.
func special(r rune) bool {
	if r > unicode.MaxASCII {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("@+:,./_-", r)
}

// unshown says whether a rune cannot stand in a command as it is. Bytes that are
// not UTF-8 read as utf8.RuneError.
func unshown(r rune) bool { return !unicode.IsPrint(r) || r == '`' || r == utf8.RuneError }

func dollarQuoted(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if unshown(r) || r == '\'' || r == '\\' {
			for _, c := range []byte(s[:size]) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		} else {
			b.WriteRune(r)
		}
		s = s[size:]
	}
	return "$'" + b.String() + "'"
}
