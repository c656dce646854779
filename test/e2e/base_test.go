//go:build e2e

package e2e

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// branch commits a board and further files to a branch.
func (s *stage) branch(name, text string, more map[string]string, parents ...string) string {
	files := map[string]string{boardPath: text, name + ".md": fmt.Sprint(parents)}
	maps.Copy(files, more)
	c := s.repo.Commit(files, parents...)
	s.repo.Push(name, c)
	return c
}

// into has the job run for a pull request into a branch, as it is, and returns
// how to run the same job again.
func (s *stage) into(number int, branch, action, head, merge string) (outcome, func() outcome) {
	s.Helper()
	event := pullEvent(number, s.repo.Head(branch), head, repoName)
	event["action"] = action
	event["pull_request"].(object)["base"] = object{"sha": s.repo.Head(branch), "ref": branch, "repo": object{"full_name": repoName}}
	again := func() outcome {
		return s.run("pull_request", event, merge, fmt.Sprintf("refs/pull/%d/merge", number))
	}
	return again(), again
}

// retarget changes the branch that a pull request goes into.
func (s *stage) retarget(number int, branch, merge string) {
	i, _ := s.repo.Issue(number)
	i.Pull.BaseRef, i.Pull.Merge = branch, merge
	s.repo.SetIssue(i)
}

// A pull request passes on a branch with a limit of its own; its base is then
// changed to main.
func TestBaseChanged(t *testing.T) {
	s := newStage(t)
	loose := map[string]string{".github/boardgate.yml": "limits: { wip: 99 }\n"}
	base := s.main(board(item(prices), numbered(receipt)))
	helper := s.branch("helper", board(item(prices), numbered(receipt)), loose, base)
	head := s.branch("work", board(item(prices)+item(receipt), "None\n"), loose, helper)
	s.repo.OpenPull(5, "A change", head)
	old := s.repo.MergeFiles(helper, head)
	s.retarget(5, "helper", old)
	o, again := s.into(5, "helper", "opened", head, old)
	s.wantGreen(o)

	s.retarget(5, "main", old) // GitHub has made no other test merge yet
	o, _ = s.into(5, "main", "edited", head, old)
	s.wantRed(o)
	s.wantCheck("failure")
	s.wantRed(again())

	s.retarget(5, "main", s.repo.MergeFiles(base, head))
	s.wantRed(again())
	s.wantCheck("failure")
}

// A group breaks the limit, and the one behind it leaves the board alone.
func TestGroupBehind(t *testing.T) {
	s := newStage(t)
	base := s.main(board(item(prices), numbered(receipt)))
	broken := s.commit(board(item(prices)+item(receipt), "None\n"), base)
	s.wantRed(s.group(7, base, broken))
	behind := s.commit(board(item(prices)+item(receipt), "None\n"), broken)
	o := s.group(8, broken, behind)
	s.wantRed(o)
	if !strings.Contains(o.summary, "with what is ahead in the merge queue") {
		t.Errorf("the summary does not say what is ahead:\n%s", o.summary)
	}
	s.repo.Push("main", broken) // somebody merged it all the same
	s.wantGreen(s.group(8, broken, behind))
}

// Two groups, each of which finishes an item and cites itself, while both pull
// requests are open.
func TestGroupsThatCiteThemselves(t *testing.T) {
	s := newStage(t)
	base := s.main(board(item(prices), numbered(receipt, search)))
	first := s.commit(board(item(receipt), numbered(search))+done(prices, 7), base)
	second := s.commit(board(item(search), "None\n")+done(receipt, 8)+done(prices, 7), first)
	s.repo.OpenPull(7, "The first", first)
	s.repo.OpenPull(8, "The second", second)
	s.wantGreen(s.group(7, base, first))
	o := s.group(8, first, second)
	s.wantGreen(o)
	if n := o.output("warnings"); n != "0" {
		t.Errorf("%s warnings", n)
	}
}

// A pull request onto another one's branch cites what was merged into main, and
// what was merged into the branch below.
func TestStacked(t *testing.T) {
	s := newStage(t)
	base := s.main(board(item(prices), numbered(receipt)))
	below := s.branch("below", board(item(prices), numbered(receipt)), nil, base)
	head := s.branch("above", board(item(receipt), "None\n")+done(prices, 3)+done(search, 4), nil, below)
	s.repo.MergedPull(3, "main")
	s.repo.MergedPull(4, "below")
	merge := s.repo.MergeFiles(below, head)
	s.repo.OpenPull(9, "A stacked change", head)
	s.retarget(9, "below", merge)
	o, _ := s.into(9, "below", "opened", head, merge)
	s.wantGreen(o)
	if n := o.output("warnings"); n != "0" {
		t.Errorf("%s warnings", n)
	}
}
