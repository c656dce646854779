package rule

import (
	"cmp"
	"slices"

	"github.com/boardgate/boardgate/internal/policy"
)

// Verdict is the outcome of a judgement. The zero Verdict is Unverified.
type Verdict string

// The verdicts.
const (
	Unverified Verdict = ""
	Fail       Verdict = "fail"
	Passed     Verdict = "pass"
)

// String returns the verdict as reports and outputs name it.
func (v Verdict) String() string {
	if v == Unverified {
		return "unverified"
	}
	return string(v)
}

// Counts reports how many of the findings decide: introduced and not waived, by severity.
func Counts(findings []Finding) (errors, warnings, notices int) {
	for _, f := range findings {
		if !f.Introduced || f.Waived != nil {
			continue
		}
		switch f.Severity {
		case Error:
			errors++
		case Warning:
			warnings++
		default:
			notices++
		}
	}
	return errors, warnings, notices
}

// order sorts findings by all that tells them apart: gravest last seen first is
// left to the formats, here it is path, place, rule, message.
func order(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(path(a), path(b)),
		cmp.Compare(a.Span.Start, b.Span.Start),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Span.End, b.Span.End),
		cmp.Compare(a.Message, b.Message),
	)
}

func path(f Finding) string {
	if f.Span.IsZero() {
		return ""
	}
	return f.Span.File.Path
}

func sorted(findings []Finding) []Finding {
	slices.SortStableFunc(findings, order)
	return findings
}

var _ = policy.Off
