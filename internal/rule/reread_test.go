package rule_test

import (
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
)

const sound = `-- base.md --
Updated: 2025-03-14

## WIP (max 1)
- Import
  - DoD: the page answers 200

## NEXT
- Payments

## DONE
`

// TestReadByBothWords judges changes that edit the words by which the board is
// read: what either reading finds counts, and an item is lost where neither has it.
func TestReadByBothWords(t *testing.T) {
	const edited = "head-config.yml:1:1 limit-changed warning\n"
	tests := []struct{ name, config, head, more, want string }{
		{
			"an item made a placeholder", "words: { none: [Payments] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n- Import\n  - DoD: the page answers 200\n- Payments\n\n## NEXT\n\n## DONE\n", "",
			edited + "head.md:3:4 wip-limit error\nhead.md:6:3 dod-required error\n",
		},
		{
			"an item removed and made a placeholder", "words: { none: [Payments] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n- Import\n  - DoD: the page answers 200\n\n## NEXT\n\n## DONE\n", "",
			edited + "head.md:7:4 item-lost error\n",
		},
		{
			"an item made a placeholder where it stands", "words: { none: [Payments] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n- Import\n  - DoD: the page answers 200\n\n## NEXT\n- Payments\n\n## DONE\n", "",
			edited,
		},
		{
			"a label made a Definition of Done", "words: { dod: [Owner] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n- Import\n  - Owner: `ada` answers 200\n\n## NEXT\n- Payments\n\n## DONE\n", "",
			edited + "head.md:4:3 dod-required error\nhead.md:8:3 dod-required warning old\n",
		},
		{
			"a column mapped away, with another in its place", "columns: { wip: [Hid], other: [WIP] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n- Import\n  - DoD: the page answers 200\n- Payments\n  - DoD: the page answers 200\n\n## NEXT\n\n## DONE\n\n## Hid\n", "",
			edited + "head.md:3:4 wip-limit error\nhead.md:13:4 limit-changed warning\n",
		},
		{
			"DONE mapped away, and a pull request that could not be asked about", "columns: { done: [Shipped], other: [DONE] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n(none)\n\n## NEXT\n- Payments\n\n## DONE\n- Import (2025-03-14) PR #51\n", "-- pulls --\n51 unknown\n",
			"unverified " + edited + "head.md:1:1 board-shape warning\nhead.md:3:4 pull-next notice\nhead.md:7:3 dod-required warning old\n",
		},
		{
			"what is not an item in a column mapped away", "columns: { wip: [Hid], other: [WIP] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n- Import\n  - DoD: the page answers 200\n\n<ul><li>Payments</li></ul>\n\n## NEXT\n- Payments\n\n## DONE\n\n## Hid\n", "",
			edited + "head.md:7:1 board-shape notice\nhead.md:7:1 board-shape error\nhead.md:10:3 dod-required warning old\nhead.md:14:4 limit-changed warning\nhead.md:14:4 pull-next notice\n",
		},
		{
			"a lookalike made a column", "columns: { wip: [W\u0406P], other: [WIP] }",
			"Updated: 2025-03-14\n\n## W\u0406P (max 1)\n\n## WIP\n- Import\n  - DoD: the page answers 200\n\n## NEXT\n- Payments\n\n## DONE\n", "",
			edited + "head.md:3:4 board-shape error\nhead.md:3:4 pull-next notice\nhead.md:10:3 dod-required warning old\n",
		},
		{
			"DONE mapped away where production would hold the change up", "columns: { done: [Shipped], other: [DONE] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n(none)\n\n## NEXT\n- Payments\n\n## DONE\n- Import (2025-03-14) PR #51\n",
			"-- pulls --\n51 merged main\n-- production --\nlogin fail,confirmed 500\n-- args --\nstake on-done\n",
			"- prod-facts error\n" + edited + "head.md:1:1 board-shape warning\nhead.md:3:4 pull-next notice\nhead.md:7:3 dod-required warning old\n",
		},
		{
			"an entry of the state file made a placeholder", "words: { none: [Import] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n(none)\n\n## NEXT\n- Payments\n\n## DONE\n- Import (2025-03-14) PR #51\n", "-- pulls --\n51 merged main\n-- state.md --\n## IN PROGRESS\n- Import\n\n## CLOSED\n",
			edited + "head.md:3:4 pull-next notice\nhead.md:7:3 dod-required warning old\nstate.md:2:3 state-sync error\n",
		},
		{
			"headings renamed with the map, and an item finished", "columns: { wip: [En curso], next: [Luego] }",
			"Updated: 2025-03-14\n\n## En curso (max 1)\n- Payments\n  - DoD: the page answers 200\n\n## Luego\n\n## DONE\n- Import (2025-03-14) PR #51\n",
			"-- pulls --\n51 merged main\n-- state.md --\n## IN PROGRESS\n- Payments\n\n## CLOSED\n- Import\n", edited,
		},
		{
			"a column added with its word", "columns: { other: [Backlog, Cooking] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n- Payments\n  - DoD: the page answers 200\n\n## NEXT\n\n## Cooking\n- Import\n  - DoD: the page answers 200\n\n## DONE\n",
			"-- state.md --\n## IN PROGRESS\n- Payments\n\n## CLOSED\n", edited,
		},
		{
			"a column of WIP more, into which the item moves", "columns: { wip: [WIP, En curso] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n\n## En curso\n- Import\n  - DoD: the page answers 200\n\n## NEXT\n- Payments\n\n## DONE\n",
			"-- state.md --\n## IN PROGRESS\n- Import\n\n## CLOSED\n",
			edited + "head.md:10:3 dod-required warning old\n",
		},
		{
			"the word of a limit in another language", "words: { limit: [höchstens] }",
			"Updated: 2025-03-14\n\n## WIP (höchstens 1)\n- Import\n  - DoD: the page answers 200\n\n## NEXT\n- Payments\n\n## DONE\n", "",
			edited + "head.md:8:3 dod-required warning old\n",
		},
		{
			"words of another language alone", "words: { dod: [Abnahme], none: [leer], updated: [Stand] }",
			"Updated: 2025-03-14\n\n## WIP (max 1)\n- Import\n  - DoD: the page answers 200\n\n## NEXT\n- Payments\n\n## DONE\n", "",
			edited + "head.md:8:3 dod-required warning old\n",
		},
		{
			"the label of the stamp renamed with its word", "words: { updated: [Stand] }",
			"Stand: 2025-03-14\n\n## WIP (max 1)\n- Import\n  - DoD: the page answers 200\n\n## NEXT\n- Payments\n\n## DONE\n", "",
			edited + "head.md:8:3 dod-required warning old\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := caseOf(t, sound+"-- head.md --\n"+test.head+"-- head-config.yml --\n"+test.config+"\n"+test.more)
			j := rule.Judge(c)
			got := brief(j)
			if len(j.Unknown) > 0 {
				got = "unverified " + got
			}
			if got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

// TestWantsOfBothWords asks for the pull requests of either reading.
func TestWantsOfBothWords(t *testing.T) {
	c := caseOf(t, sound+"-- head.md --\n## WIP (max 1)\n\n## NEXT\n- Payments\n\n## DONE\n- Import PR #51\n-- head-config.yml --\ncolumns: { done: [Shipped], other: [DONE] }\n")
	if got := rule.Wants(c).Pulls; len(got) != 1 || got[0] != (fact.Pull{Number: 51}) {
		t.Errorf("Wants = %v, want #51", got)
	}
}

// TestOneFindingOfTwoReadings says once what both readings find: what is worse by
// the words of the base, else what the head's own words show.
func TestOneFindingOfTwoReadings(t *testing.T) {
	const base, head = "## WIP (max 1)\n- Import\n- Payments\n", "## WIP (max 1)\n- Import\n- Payments\n- Export\n"
	const two, three = `2 items, its limit is 1: "Import", "Payments".`, `3 items, its limit is 1: "Import", "Payments", "Export".`
	const again = "read by the columns and words of the base: "
	for _, test := range []struct{ base, config, want string }{
		{base, "words: { none: [Export] }", again + "WIP holds " + three}, // two were there before
		{base, "words: { none: [Export, Payments] }", again + "WIP holds " + three},
		{"## WIP (max 1)\n", "words: { none: [Export] }", "WIP holds " + two},
		{"## WIP (max 1)\n", "columns: { wip: [WIP, In progress] }", "WIP holds " + three},
	} {
		var got []string
		for _, f := range rule.Judge(caseOf(t, "-- base.md --\n"+test.base+"-- head.md --\n"+head+"-- head-config.yml --\n"+test.config+"\n")).Findings {
			if f.Rule == "wip-limit" {
				got = append(got, f.Message)
				if !f.Introduced {
					t.Errorf("%s: not introduced: %s", test.config, f.Message)
				}
			}
		}
		if strings.Join(got, "\n") != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.config, strings.Join(got, "\n"), test.want)
		}
	}
}

// TestWaiverOfOneReading waives nothing by a waiver that stands in the column
// only by the words of the change.
func TestWaiverOfOneReading(t *testing.T) {
	const base, self = "-- base.md --\n## NEXT (max 1)\n", "waive: { self: [next-limit] }\n"
	const head = "-- head.md --\n## NEXT (max 1)\n- Import\n- Export\n\n## Backlog\n<!-- boardgate: allow next-limit: two at once -->\n"
	c := caseOf(t, base+head+"-- config.yml --\n"+self+"-- head-config.yml --\n"+self+"columns: { next: [NEXT, Backlog] }\n")
	if got, want := brief(rule.Judge(c), "next-limit"), "head.md:1:4 next-limit error\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
