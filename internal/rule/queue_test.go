package rule_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/rule"
)

// TestQueue is three boards, of the branch, of the group ahead and of a group
// behind it, and what the group behind is told beside what it brings itself.
func TestQueue(t *testing.T) {
	const (
		stamp = "**Last Updated**: 2025-03-14\n\n"
		first = "**Import prices**\n- **DoD**: `GET /prices` answers 200\n\n"
		other = "**Mail receipts**\n- **DoD**: `GET /mails` answers 200\n\n"
		vague = "**Mail receipts**\n- it works\n\n"
		done  = "- **Import prices** (2025-03-14) PR #42\n"
	)
	at := func(wip, next, done string) string {
		return stamp + "## WIP (max 1)\n\n" + wip + "## NEXT (max 3)\n\n" + next + "## DONE\n\n" + done
	}
	for _, c := range []struct {
		name                 string
		branch, ahead, group string
		want                 []string // rule and the beginning of the message
	}{
		{"the one ahead breaks a limit", at(first, other, ""), at(first+other, "", ""), at(first+other, "", ""), []string{"wip-limit: WIP holds 2"}},
		{"and this one does more", at(first, other, ""), at(first+other, "", ""), at(first+other+"**Print labels**\n- **DoD**: `GET /labels` answers 200\n\n", "", ""), nil},
		{"and this one puts it right", at(first, other, ""), at(first+other, "", ""), at(first, other, ""), nil},
		{"the one ahead loses an item", at(first, other, ""), at(first, "", ""), at(first, "", ""), []string{"item-lost: \"Mail receipts\""}},
		{"the one ahead starts without a definition", at("", vague, ""), at(vague, "", ""), at(vague, "", ""), []string{"dod-required: \"Mail receipts\""}},
		{"and this one renames it", at("", vague, ""), at(vague, "", ""), at("**Mail all receipts**\n- it works\n\n", "", ""), []string{"dod-required: \"Mail all receipts\""}},
		{"and this one moves it on", at("", vague, ""), at(vague, "", ""), at("", "", "- **Mail receipts** (2025-03-14) PR #43\n"), nil},
		{"the one ahead cites nothing", at(first, "", ""), at("", "", "- **Import prices** (2025-03-14)\n"), at("", "", "- **Import prices** (2025-03-14)\n"), []string{"done-reference: \"Import prices\""}},
		{"two steps of one item", at("", first+other, ""), at(first, other, ""), at("", other, done), nil},
		{"two steps of two items", at(first, other, ""), at(other, "", done), at("", "", done+"- **Mail receipts** (2025-03-14) PR #43\n"), nil},
		{"it was wrong before", at(first+other, "", ""), at(first+other, "", "- **Old** (2025-03-14) PR #43\n"), at(first+other, "", "- **Old** (2025-03-14) PR #43\n"), nil},
		{"the one ahead adds what this one takes away", at("", first, ""), at("", first+other, ""), at("", first, ""), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			between := func(base, head string) *rule.Case {
				return caseOf(t, "-- base.md --\n"+base+"-- head.md --\n"+head+"-- pulls --\n42 merged\n43 merged\n")
			}
			own := between(c.ahead, c.group)
			alone := rule.Judge(own)
			together := rule.Judge(own)
			together.Add(own, rule.Queue{Ahead: between(c.branch, c.ahead), Whole: between(c.branch, c.group)})
			var got []string
			for _, f := range together.Findings {
				const lead = "with what is ahead in the merge queue: "
				if f.Severity != rule.Notice && strings.HasPrefix(f.Message, lead) {
					got = append(got, f.Rule+": "+strings.TrimPrefix(f.Message, lead))
				}
			}
			for i := range c.want {
				if i < len(got) && strings.HasPrefix(got[i], c.want[i]) {
					got[i] = c.want[i]
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("errors and warnings (-want +got):\n%s", diff)
			}
			if len(together.Findings) < len(alone.Findings) {
				t.Error("what the change brings itself is gone")
			}
		})
	}
}
