package rule_test

import (
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/rule"
)

// inShop returns the case of an example as one of acme/shop on ghe.example.
func inShop(t *testing.T, text string) *rule.Case {
	t.Helper()
	c := caseOf(t, text)
	words := c.HeadWords
	words.Home = board.Home{Host: "ghe.example", Repo: "acme/shop"}
	c.Base, c.Head = board.Parse(c.Base.File, words), board.Parse(c.Head.File, words)
	if c.State != nil {
		c.State = board.Parse(c.State.File, board.StateWords(words))
		c.BaseState = c.State
	}
	c.BaseWords, c.HeadWords = words, words
	c.Changes = compare.Boards(c.Base, c.Head)
	return c
}

// spellings of pull request 42 of acme/shop on ghe.example, and of others of that number.
var (
	spellings = []string{"PR #42", "acme/shop#42", "https://ghe.example/Acme/Shop/pull/42/files"}
	others    = []string{"acme/maps#42", "https://ghe.example/acme/maps/pull/42", "https://other.example/acme/shop/pull/42"}
)

func TestSpellingsInTheStateFile(t *testing.T) {
	const text = `
-- base.md --
## WIP
- Sort the archive

## NEXT
## DONE
-- head.md --
## WIP
## NEXT
## DONE
- Sort the archive (2025-03-14) BOARD
-- state.md --
## IN PROGRESS
STATE
## CLOSED
- Shop opened

## Log
LOG
`
	judge := func(onBoard, inProgress, log string) string {
		t.Helper()
		c := inShop(t, strings.NewReplacer("BOARD", onBoard, "STATE", inProgress, "LOG", log).Replace(text))
		return brief(rule.Judge(c, rule.StateSync))
	}
	for _, a := range spellings {
		for _, b := range spellings {
			if got := judge(a, "", "- one shelf, "+b); got != "" {
				t.Errorf("%s in DONE, %s in the log: %s", a, b, got)
			}
			if got := judge(a, "- One shelf, "+b, ""); got != "state.md:2:3 state-sync error\n" {
				t.Errorf("%s in DONE, %s under IN PROGRESS: %s", a, b, got)
			}
		}
		for _, b := range others {
			if got := judge(a, "", "- one shelf, "+b); got != "head.md:4:3 state-sync warning\n" {
				t.Errorf("%s in DONE, %s in the log: %s", a, b, got)
			}
		}
	}
}

func TestSpellingsLeaveATrace(t *testing.T) {
	judge := func(lost, trace string) string {
		t.Helper()
		c := inShop(t, "-- base.md --\n## NEXT\n- Sort the archive, "+lost+"\n- Paint the door\n-- head.md --\n## NEXT\n- Paint the door\n\n## Notes\nIt went into "+trace+"\n")
		return brief(rule.Judge(c, rule.ItemLost))
	}
	for _, a := range spellings {
		for _, b := range spellings {
			if got := judge(a, b); got != "head.md:1:4 item-lost warning\n" {
				t.Errorf("%s was lost and %s is named: %s", a, b, got)
			}
		}
		for _, b := range others {
			if got := judge(a, b); got != "head.md:1:4 item-lost error\n" {
				t.Errorf("%s was lost and %s is named: %s", a, b, got)
			}
		}
	}
	if got := judge("https://ghe.example/acme/maps/pull/42", "Acme/Maps#42"); got != "head.md:1:4 item-lost warning\n" {
		t.Errorf("of another repository: %s", got)
	}
}

func TestSpellingsOfThisPullRequest(t *testing.T) {
	judge := func(cited string) ([]fact.Pull, []string) {
		t.Helper()
		c := inShop(t, "-- base.md --\n## WIP\n- Sort the archive\n## NEXT\n## DONE\n-- head.md --\n## WIP\n## NEXT\n## DONE\n- Sort the archive (2025-03-14) "+cited+"\n-- pulls --\n42 open\n-- args --\npull 42\n")
		return rule.Wants(c).Pulls, said(c)
	}
	for _, s := range spellings {
		if wanted, said := judge(s); len(wanted)+len(said) > 0 {
			t.Errorf("%s: wants %v, says %v", s, wanted, said)
		}
	}
	wanted, got := judge("https://other.example/acme/shop/pull/42")
	if len(wanted) > 0 || len(got) != 1 || !strings.HasPrefix(got[0], "notice: other.example/acme/shop#42, cited for") {
		t.Errorf("on another host: wants %v, says %v", wanted, got)
	}
	if wanted, _ := judge("Acme/Maps#42"); len(wanted) != 1 || wanted[0] != (fact.Pull{Repo: "acme/maps", Number: 42}) {
		t.Errorf("of another repository: wants %v", wanted)
	}
}
