package rule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/rule/ruletest"
	"github.com/boardgate/boardgate/internal/source"
)

// caseOf returns the case of an example written as in a book, without its name.
func caseOf(t *testing.T, text string) *rule.Case {
	t.Helper()
	c, err := ruletest.Case(rule.Example{Files: txtar.Parse([]byte(text)).Files})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// brief returns a line for each finding of the rules named, of all where none is.
func brief(j rule.Judgement, rules ...string) string {
	var b strings.Builder
	for _, f := range j.Findings {
		if len(rules) > 0 && !strings.Contains(strings.Join(rules, " "), f.Rule) {
			continue
		}
		fmt.Fprintf(&b, "%s %s %s", f.Span, f.Rule, f.Severity)
		if !f.Introduced {
			b.WriteString(" old")
		}
		if f.Waived != nil {
			b.WriteString(" waived")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// examples calls f with every example of every book.
func examples(t *testing.T, f func(t *testing.T, c *rule.Case)) {
	t.Helper()
	for _, r := range rule.All() {
		book, _ := rule.BookOf(r.Name)
		for _, e := range book.Examples {
			t.Run(r.Name+"/"+e.Name, func(t *testing.T) {
				c, err := ruletest.Case(e)
				if err != nil {
					t.Fatal(err)
				}
				f(t, c)
			})
		}
	}
}

// TestFindingsSayWhatTheyAreAbout holds findings to a subject: by it the base's
// are found again, and code scanning knows one from another.
func TestFindingsSayWhatTheyAreAbout(t *testing.T) {
	examples(t, func(t *testing.T, c *rule.Case) {
		type subject struct {
			rule   string
			item   *board.Item
			column board.Role
			key    string
		}
		seen := map[subject]bool{}
		for _, f := range rule.Judge(c).Findings {
			s := subject{f.Rule, f.Item, f.Column, f.Key}
			if s.item == nil && s.column == "" && s.key == "" {
				t.Errorf("%s: %s: it is about nothing", f.Rule, f.Message)
			}
			if seen[s] {
				t.Errorf("%s: %s: another finding is about the same", f.Rule, f.Message)
			}
			seen[s] = true
		}
	})
}

// TestFixes makes every fix the rules offer and judges again.
func TestFixes(t *testing.T) {
	made := 0
	examples(t, func(t *testing.T, c *rule.Case) {
		for _, f := range rule.Judge(c).Findings {
			if offers := strings.Contains(f.Hint, "paste:\n") || strings.Contains(f.Hint, ": add `PR #"); offers != (len(f.Fix) > 0) {
				t.Errorf("%s: its hint and its %d edits disagree:\n%s", f.Message, len(f.Fix), f.Hint)
			}
			if len(f.Fix) == 0 {
				continue
			}
			made++
			text, err := source.Apply(c.Head.File, f.Fix)
			if err != nil {
				t.Fatal(err)
			}
			if _, line, ok := strings.Cut(f.Hint, "paste:\n"); ok && !strings.Contains(string(text), line+"\n") {
				t.Errorf("%s: the fix does not write the line to paste:\n%s", f.Message, text)
			}
			after := *c
			after.Head = board.Parse(source.NewFile("head.md", text), c.HeadWords)
			if before, now := count(c, f.Rule), count(&after, f.Rule); now >= before {
				t.Errorf("%s: %d findings before its fix and %d after it:\n%s", f.Message, before, now, text)
			}
		}
	})
	if made == 0 {
		t.Error("no example offers a fix")
	}
}

func count(c *rule.Case, name string) int {
	return strings.Count(brief(rule.Judge(c), name), "\n")
}

func TestUnreadable(t *testing.T) {
	for _, tt := range []struct{ name, text, at, message string }{
		{"empty", " \n\n", "head.md:1:1", "the board is empty."},
		{"binary", "# Board\n\x00\n", "head.md:2:1", "the board is not text: NUL byte here."},
		{"not UTF-8", "# Board\n\n## D\xe9j\xe0\n", "head.md:3:5", "the board is not UTF-8: the byte here is 0xE9."},
		{"no heading", "sweep\n", "head.md:1:1", "no column was found; the file has no heading."},
		{
			"many headings", "# A\n# B\n# C\n# D\n# E\n# F\n", "head.md:1:1",
			`no column was found; the headings are "A", "B", "C", "D", "E", ….`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := caseOf(t, "-- base.md --\nUpdated: 2025-03-10\n\n## WIP (max 1)\n- Import\n")
			c.Deleted, c.Head = false, board.Parse(source.NewFile("head.md", []byte(tt.text)), c.HeadWords)
			got := rule.Judge(c).Findings
			if len(got) != 1 || got[0].Rule != "board-shape" || got[0].Message != tt.message || got[0].Span.String() != tt.at {
				t.Errorf("got %+v; want at %s: %s", got, tt.at, tt.message)
			}
		})
	}
}

// TestBaseKindDecides judges a change of everything as if nobody had asked for a base.
func TestBaseKindDecides(t *testing.T) {
	c := caseOf(t, `
-- base.md --
Updated: 2025-03-12

## WIP (max 1)
- Import

## NEXT
- Export
- Print

## DONE
- Sign (2025-03-01) - PR #40
- Bell - PR #39
-- head.md --
Updated: 2025-03-11

## WIP (max 2)
- Print
- Logo

## DONE
- Sign (2025-03-01) - PR #40
- Import (2025-03-14) - PR #51
- Film (2025-03-14) - PR #51
- Bell - PR #39
-- state.md --
## IN PROGRESS
- Import
- Print
`)
	said := map[rule.BaseKind]string{
		rule.Present: `head.md:1:1 board-shape error
head.md:1:1 item-lost error
head.md:1:10 last-updated warning
head.md:3:9 limit-changed warning
head.md:4:3 pull-order warning
head.md:5:3 pull-order warning
head.md:9:28 done-merged notice
head.md:11:3 done-date warning old
state.md:2:3 state-sync error
`,
		rule.NoBase:   "head.md:8:26 done-merged notice\nhead.md:11:3 done-date warning\nstate.md:1:4 state-sync warning\n",
		rule.Adoption: "head.md:1:1 board-shape notice\nhead.md:11:3 done-date warning old\nstate.md:1:4 state-sync warning\n",
	}
	about := []string{"board-shape", "done-date", "done-merged", "item-lost", "last-updated", "limit-changed", "pull-order", "state-sync", "wip-skipped"}
	for kind, want := range said {
		c.BaseKind = kind
		if diff := cmp.Diff(want, brief(rule.Judge(c), about...)); diff != "" {
			t.Errorf("base kind %q (-want +got):\n%s", kind, diff)
		}
	}
}

// TestAudit checks boards as they stand: severities of the configuration and
// waivers count, every finding is introduced, and no change is judged.
func TestAudit(t *testing.T) {
	const old = "Updated: 2025-01-01\n\n## WIP (max 1)\n- Import\n- Export\n"
	for _, test := range []struct{ name, text, want string }{
		{"a warning", "-- head.md --\n" + old, "head.md:1:10 last-updated warning\n"},
		{"an error where it is configured", "-- config.yml --\nrules: { last-updated: error }\n-- head.md --\n" + old, "head.md:1:10 last-updated error\n"},
		{"off where it is configured", "-- config.yml --\nrules: { last-updated: off }\n-- head.md --\n" + old, ""},
		{"waived", "-- head.md --\n<!-- boardgate: allow last-updated: on holiday -->\n" + old, "head.md:2:10 last-updated warning waived\n"},
		{"the base is not looked at", "-- base.md --\n" + old + "-- head.md --\n" + old, "head.md:1:10 last-updated warning\n"},
		{"no board", "-- base.md --\n" + old, ""},
		{"no column", "-- head.md --\nUpdated: 2025-01-01\n", ""},
	} {
		if got := brief(rule.Audit(caseOf(t, test.text))); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestLogEndsInANumber reads a state file whose last byte is a digit.
func TestLogEndsInANumber(t *testing.T) {
	c := caseOf(t, "-- base.md --\n## WIP\n- Import\n\n## DONE\n-- head.md --\n## WIP\n\n## DONE\n- Import (2025-03-14) - PR #51\n")
	for text, want := range map[string]string{
		"## CLOSED\n\n## Log\nfinished #51":  "",
		"## CLOSED\n\n## Log\nfinished #512": "head.md:4:3 state-sync warning\n",
	} {
		c.State = board.Parse(source.NewFile("state.md", []byte(text)), c.Policy.StateWords)
		if got := brief(rule.Judge(c), "state-sync"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestBrokenColumnMap sees that a broken configuration is not compared with as well.
func TestBrokenColumnMap(t *testing.T) {
	c := caseOf(t, "-- base.md --\n## WIP\n-- head.md --\n## WIP\n-- head-config.yml --\ncolumns: { wip: [Cooking] }\nlimits: 3\n")
	c.HeadWords = board.Words{Columns: map[board.Role][]string{board.WIP: {"Cooking"}}}
	if got, want := brief(rule.Judge(c)), "head-config.yml:2:9 config error\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestUnknownBranch cites a pull request of which the board's branch is not known.
func TestUnknownBranch(t *testing.T) {
	c := caseOf(t, "-- head.md --\n## DONE\n- Import (2025-03-14) - PR #51\n-- pulls --\n51 merged release-1 not-reached\n")
	if got := brief(rule.Judge(c)); !strings.Contains(got, "done-merged warning") {
		t.Errorf("merged into another branch: %q", got)
	}
	c.Facts.Branches = nil
	if got := brief(rule.Judge(c)); got != "" {
		t.Errorf("the board's branch is not known: %q", got)
	}
}

// TestLongLineIsNotPasted offers the number alone where the line is too long.
func TestLongLineIsNotPasted(t *testing.T) {
	for length, want := range map[int]string{
		390: "if this pull request is its proof, cite it (#57); paste:\n- Import",
		410: "if this pull request is its proof, cite it (#57): add `PR #57`.",
	} {
		line := "- Import (2025-03-14) - "
		line += strings.Repeat("x", length-len(line))
		c := caseOf(t, "-- head.md --\n## DONE\n"+line+"\n-- args --\npull 57\n")
		if got := rule.Judge(c).Findings[0].Hint; !strings.HasPrefix(got, want) {
			t.Errorf("%d bytes: %q; want %q", length, got, want)
		}
	}
}

// TestLongTitles cuts titles at runes, and none that is short enough.
func TestLongTitles(t *testing.T) {
	for runes, want := range map[int]string{80: strings.Repeat("ж", 80), 81: strings.Repeat("ж", 79) + "…"} {
		c := caseOf(t, "-- head.md --\n## DONE\n- "+strings.Repeat("ж", runes)+" - PR #51\n")
		if got := rule.Judge(c).Findings[0].Message; got != `"`+want+`" is in DONE without a date.` {
			t.Errorf("%d runes: %s", runes, got)
		}
	}
}

// TestManyPaths bounds what one item can ask for.
func TestManyPaths(t *testing.T) {
	var line strings.Builder
	for i := range 30 {
		fmt.Fprintf(&line, " docs/%d.md", i)
	}
	c := caseOf(t, "-- head.md --\n## DONE\n- Import (2025-03-14) - PR #51"+line.String()+"\n")
	if got := len(rule.Wants(c).Paths); got != 20 {
		t.Errorf("asks for %d paths, want 20", got)
	}
}

func TestWants(t *testing.T) {
	c := caseOf(t, `
-- args --
pull 57
-- base.md --
## DONE
- Old (2025-03-01) - PR #40, docs/old.md
-- head.md --
## DONE
- Old (2025-03-01) - PR #40, docs/old.md
- Import (2025-03-14) - PRs #57, #52, docs/b.md, docs/a.md
- Export (2025-03-14) - PR #51, #52, acme/archive#7, docs/a.md
`)
	want := fact.Wanted{
		Pulls: []fact.Pull{{Number: 51}, {Number: 52}, {Repo: "acme/archive", Number: 7}},
		Paths: []fact.Path{"docs/a.md", "docs/b.md"},
	}
	if diff := cmp.Diff(want, rule.Wants(c)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	c.Policy.Rules["done-merged"] = rule.Off
	if got := rule.Wants(c); len(got.Pulls) > 0 || len(got.Paths) != 2 {
		t.Errorf("a rule that is off asks: %v", got)
	}
	c.Head = nil
	if got := rule.Wants(c); len(got.Pulls)+len(got.Paths) > 0 {
		t.Errorf("without a board: %v", got)
	}
}

// TestWantsHistory asks for earlier versions of the board where an age hangs on them.
func TestWantsHistory(t *testing.T) {
	const limit = "-- config.yml --\nlimits: { wip-age: 36h }\n"
	then := ruletest.Now.Add(-36 * time.Hour)
	for text, want := range map[string]time.Time{
		limit + "-- head.md --\n## WIP\n- Import\n":                                 then,
		limit + "-- head.md --\n## WIP\n- Import (Started: 2025-03-01)\n- Sign\n":   then,
		limit + "-- head.md --\n## WIP\n- Import (Started: 2025-03-01)\n- ~~Sign~~": {},
		limit + "-- head.md --\n## NEXT\n- Import\n":                                {},
		limit:                               {},
		"-- head.md --\n## WIP\n- Import\n": {},
	} {
		if got := rule.Wants(caseOf(t, text)).Since; !got.Equal(want) {
			t.Errorf("%q: since %s, want %s", text, got, want)
		}
	}
}

// TestWIPAgeOfVersions holds an item to every version of the board: one that
// was back in NEXT meanwhile has not been in WIP all the time.
func TestWIPAgeOfVersions(t *testing.T) {
	const there, away = "## WIP\n- Import\n## NEXT\n", "## WIP\n## NEXT\n- Import\n"
	for _, test := range []struct {
		versions []string
		want     string
	}{
		{nil, ""},
		{[]string{there}, "head.md:2:3 wip-age warning\n"},
		{[]string{there, there, there}, "head.md:2:3 wip-age warning\n"},
		{[]string{away}, ""},
		{[]string{there, away, there}, ""},
		{[]string{away, there}, ""},
		{[]string{there, "no board"}, ""},
	} {
		c := caseOf(t, "-- config.yml --\nlimits: { wip-age: 7d }\n-- head.md --\n"+there)
		for _, v := range test.versions {
			c.Earlier = append(c.Earlier, board.Parse(source.NewFile("head.md", []byte(v)), c.BaseWords))
		}
		if got := brief(rule.Judge(c), "wip-age"); got != test.want {
			t.Errorf("%q: %q, want %q", test.versions, got, test.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	finding := func(s config.Severity, edit ...func(*rule.Finding)) rule.Finding {
		f := rule.Finding{Severity: s, Introduced: true}
		for _, e := range edit {
			e(&f)
		}
		return f
	}
	old := func(f *rule.Finding) { f.Introduced = false }
	waived := func(f *rule.Finding) { f.Waived = &board.Waiver{} }
	for _, tt := range []struct {
		name            string
		findings        []rule.Finding
		unknown         []string
		verdict, strict rule.Verdict
	}{
		{"nothing", nil, nil, rule.Passed, rule.Passed},
		{"an error", []rule.Finding{finding(rule.Error)}, nil, rule.Fail, rule.Fail},
		{"an old error", []rule.Finding{finding(rule.Error, old)}, nil, rule.Passed, rule.Passed},
		{"a waived error", []rule.Finding{finding(rule.Error, waived)}, nil, rule.Passed, rule.Passed},
		{"a warning", []rule.Finding{finding(rule.Warning)}, nil, rule.Passed, rule.Fail},
		{"an old warning", []rule.Finding{finding(rule.Warning, old)}, nil, rule.Passed, rule.Passed},
		{"a notice", []rule.Finding{finding(rule.Notice)}, nil, rule.Passed, rule.Passed},
		{"unknown", nil, []string{"?"}, rule.Unverified, rule.Unverified},
		{"an error, and unknown", []rule.Finding{finding(rule.Error)}, []string{"?"}, rule.Fail, rule.Fail},
		{"a warning, and unknown", []rule.Finding{finding(rule.Warning)}, []string{"?"}, rule.Unverified, rule.Fail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := rule.Judgement{Findings: tt.findings, Unknown: tt.unknown}
			if got, strict := j.Verdict(rule.Error), j.Verdict(rule.Warning); got != tt.verdict || strict != tt.strict {
				t.Errorf("%s, with warnings failing %s; want %s and %s", got, strict, tt.verdict, tt.strict)
			}
		})
	}
}

// TestJudge holds what all rules say together: order, severity, what is old.
func TestJudge(t *testing.T) {
	for _, tt := range []struct{ name, files, want string }{
		{
			"by path, then place, then rule", `
-- head.md --
## DONE
- Import

## WIP
- Export
-- state.md --
## IN PROGRESS
- (none)
-- head-config.yml --
limits: 3
`, `head-config.yml:1:9 config error
head.md:2:3 done-date warning
head.md:2:3 done-reference error
head.md:5:3 dod-required error
state.md:1:4 state-sync warning
`,
		},
		{
			"severities are the configuration's, and off is off", `
-- config.yml --
rules: { done-date: error, done-reference: "off" }
-- base.md --
## DONE
- Import
-- head.md --
## DONE
- Import
- Export
`, `head.md:2:3 done-date error old
head.md:3:3 done-date error
`,
		},
		{
			"what was a warning in NEXT is an error in WIP, and new", `
-- base.md --
## WIP

## NEXT
- Import

## DONE
-- head.md --
## WIP
- Import

## NEXT

## DONE
`, "head.md:2:3 dod-required error\n",
		},
		{
			"one severity for both, and it is old", `
-- config.yml --
rules: { dod-required: warning }
-- base.md --
## WIP

## NEXT
- Import

## DONE
-- head.md --
## WIP
- Import

## NEXT

## DONE
`, "head.md:2:3 dod-required warning old\n",
		},
		{
			"a broken limit that was as bad", `
-- base.md --
## NEXT (max 1)
- ~~Logo~~
- Import
- Export
-- head.md --
## NEXT (max 1)
- Import
- Export
-- config.yml --
rules: { dod-required: "off" }
`, "head.md:1:4 next-limit error old\n",
		},
		{
			"another matter of the same rule is new", `
-- config.yml --
rules: { board-shape: error, dod-required: "off" }
-- base.md --
## WIP

## NEXT
- Import

Perhaps also the export.
-- head.md --
## NEXT
- Import

Perhaps also the export.
`, "head.md:1:1 board-shape error\nhead.md:4:1 board-shape error old\n",
		},
		{
			"another rule about the same column is new", `
-- config.yml --
rules: { dod-required: "off" }
-- base.md --
## WIP (max 1)
- Import
- Export
-- head.md --
## WIP (max 2)
- Import
- Export
`, "head.md:1:4 wip-limit error old\nhead.md:1:9 limit-changed warning\n",
		},
		{
			"the same text at another item is new", `
-- config.yml --
rules: { dod-required: "off", pull-next: "off" }
-- base.md --
## NEXT
- Import <!-- boardgate: allow wip-limit: in haste -->

## Backlog
<!-- boardgate: allow config: in haste -->

-- head.md --
## NEXT
- Import
- Export <!-- boardgate: allow config: in haste -->

## Backlog
<!-- boardgate: allow wip-limit: in haste -->

`, "head.md:3:10 waiver error\nhead.md:6:1 waiver error\n",
		},
		{
			"on adoption what stands in DONE is old, the rest is new", `
-- no-base --
-- head.md --
## WIP (max 1)
- Import
- Export

## DONE
- Logo
`, `head.md:1:1 board-shape notice
head.md:1:4 wip-limit error
head.md:2:3 dod-required error
head.md:3:3 dod-required error
head.md:6:3 done-date warning old
head.md:6:3 done-reference error old
`,
		},
		{
			"without a base everything is new", `
-- head.md --
## DONE
- Logo
`, "head.md:2:3 done-date warning\nhead.md:2:3 done-reference error\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, brief(rule.Judge(caseOf(t, tt.files)))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestWaivers(t *testing.T) {
	const free = "a phone call leaves no diff"
	for _, tt := range []struct{ name, rule, base, head, want string }{
		{
			"of another rule", "done-reference", "", "## DONE\n- Call (2025-03-14) <!-- boardgate: allow done-date: " + free + " -->\n",
			"head.md:2:3 done-reference error\n",
		},
		{
			"at another item", "done-reference", "",
			"## DONE\n- Call (2025-03-14) <!-- boardgate: allow done-reference: " + free + " -->\n- Sing (2025-03-14)\n",
			"head.md:2:3 done-reference error waived\nhead.md:3:3 done-reference error\n",
		},
		{
			"to the end of today", "done-reference", "",
			"## DONE\n- Call (2025-03-14) <!-- boardgate: allow done-reference until 2025-03-14: " + free + " -->\n" +
				"- Sing (2025-03-14) <!-- boardgate: allow done-reference until 2025-03-13: " + free + " -->\n",
			"head.md:2:3 done-reference error waived\nhead.md:3:3 done-reference error\n",
		},
		{
			"wrongly written", "done-reference", "",
			"## DONE\n- Call (2025-03-14) <!-- boardgate: allow done-reference until 2025-02-30: " + free + " -->\n",
			"head.md:2:3 done-reference error\n",
		},
		{
			"of a rule that cannot be waived", "wip-limit",
			"## WIP (max 1)\n<!-- boardgate: allow wip-limit: " + free + " -->\n\n- Call\n",
			"## WIP (max 1)\n<!-- boardgate: allow wip-limit: " + free + " -->\n\n- Call\n- Sing\n",
			"head.md:1:4 wip-limit error\n",
		},
		{
			"of a column", "next-limit",
			"## WIP\n\n## NEXT (max 1)\n<!-- boardgate: allow next-limit: " + free + " -->\n\n- Call\n",
			"## WIP\n\n## NEXT (max 1)\n<!-- boardgate: allow next-limit: " + free + " -->\n\n- Call\n- Sing\n",
			"head.md:3:4 next-limit error waived\n",
		},
		{
			"in another column", "next-limit",
			"## NEXT (max 1)\n- Call\n\n## DONE\n<!-- boardgate: allow next-limit: " + free + " -->\n",
			"## NEXT (max 1)\n- Call\n- Sing\n\n## DONE\n<!-- boardgate: allow next-limit: " + free + " -->\n",
			"head.md:1:4 next-limit error\n",
		},
		{
			"above all columns", "next-limit",
			"<!-- boardgate: allow next-limit: " + free + " -->\n\n## WIP\n\n## NEXT (max 1)\n- Call\n",
			"<!-- boardgate: allow next-limit: " + free + " -->\n\n## WIP\n\n## NEXT (max 1)\n- Call\n- Sing\n",
			"head.md:5:4 next-limit error waived\n",
		},
		{
			"of an item, for its column", "next-limit",
			"## NEXT (max 1)\n- Call <!-- boardgate: allow next-limit: " + free + " -->\n",
			"## NEXT (max 1)\n- Call <!-- boardgate: allow next-limit: " + free + " -->\n- Sing\n",
			"head.md:1:4 next-limit error\n",
		},
		{
			"that the change adds", "done-date", "## DONE\n",
			"## DONE\n- Call - PR #51 <!-- boardgate: allow done-date: " + free + " -->\n",
			"head.md:2:3 done-date warning\n",
		},
		{
			"that adoption brings", "pull-next", "-",
			"## WIP\n<!-- boardgate: allow pull-next: " + free + " -->\n\n## NEXT\n- Call\n",
			"head.md:1:4 pull-next notice\n",
		},
		{
			"where there is no base to ask", "pull-next", "",
			"## WIP\n<!-- boardgate: allow pull-next: " + free + " -->\n\n## NEXT\n- Call\n",
			"head.md:1:4 pull-next notice waived\n",
		},
		{
			"that stood in the base", "done-date",
			"## WIP\n- Call - PR #51 <!-- boardgate: allow done-date: " + free + " -->\n\n## DONE\n",
			"## WIP\n\n## DONE\n- Call - PR #51 <!-- boardgate: allow done-date: " + free + " -->\n",
			"head.md:4:3 done-date warning waived\n",
		},
		{
			"with another reason than in the base", "done-date",
			"## WIP\n- Call - PR #51 <!-- boardgate: allow done-date: the printer has no number -->\n\n## DONE\n",
			"## WIP\n\n## DONE\n- Call - PR #51 <!-- boardgate: allow done-date: " + free + " -->\n",
			"head.md:4:3 done-date warning\n",
		},
		{
			"longer than in the base", "done-date",
			"## WIP\n- Call - PR #51 <!-- boardgate: allow done-date until 2025-03-31: " + free + " -->\n\n## DONE\n",
			"## WIP\n\n## DONE\n- Call - PR #51 <!-- boardgate: allow done-date until 2025-12-31: " + free + " -->\n",
			"head.md:4:3 done-date warning\n",
		},
		{
			"of more rules than in the base", "done-date",
			"## WIP\n- Call - PR #51 <!-- boardgate: allow done-reference: " + free + " -->\n\n## DONE\n",
			"## WIP\n\n## DONE\n- Call - PR #51 <!-- boardgate: allow done-reference, done-date: " + free + " -->\n",
			"head.md:4:3 done-date warning\n",
		},
		{
			"copied from another item", "done-date",
			"## DONE\n- Call (2025-03-14) - PR #51 <!-- boardgate: allow done-date: " + free + " -->\n- Sing (2025-03-14) - PR #52\n",
			"## DONE\n- Call (2025-03-14) - PR #51\n- Sing - PR #52 <!-- boardgate: allow done-date: " + free + " -->\n",
			"head.md:3:3 done-date warning\n",
		},
		{
			"that an item has left behind in the column", "pull-next",
			"## WIP\n- Call <!-- boardgate: allow pull-next: " + free + " -->\n\n## NEXT\n- Sing\n",
			"## WIP\n<!-- boardgate: allow pull-next: " + free + " -->\n\n## NEXT\n- Sing\n",
			"head.md:1:4 pull-next notice\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := "-- head.md --\n" + tt.head
			switch tt.base {
			case "":
			case "-":
				text += "-- no-base --\n"
			default:
				text += "-- base.md --\n" + tt.base
			}
			if diff := cmp.Diff(tt.want, brief(rule.Judge(caseOf(t, text)), tt.rule)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestInForce asks about waivers as a caller may have made them.
func TestInForce(t *testing.T) {
	c := caseOf(t, "-- head.md --\n## DONE\n")
	sound := board.Waiver{Rules: []string{"done-date"}, Reason: "the printer has no number"}
	day := func(d int) board.Date { return board.Date{Year: 2025, Month: time.March, Day: d} }
	for name, tt := range map[string]struct {
		edit func(*board.Waiver)
		want bool
	}{
		"sound":       {func(*board.Waiver) {}, true},
		"no reason":   {func(w *board.Waiver) { w.Reason = "" }, false},
		"bad":         {func(w *board.Waiver) { w.Bad = "it is no use" }, false},
		"until today": {func(w *board.Waiver) { w.Until = day(14) }, true},
		"past":        {func(w *board.Waiver) { w.Until = day(13) }, false},
	} {
		w := sound
		tt.edit(&w)
		if got := rule.InForce(c, &w, "done-date"); got != tt.want {
			t.Errorf("%s: in force %v, want %v", name, got, tt.want)
		}
	}
}
