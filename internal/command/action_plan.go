package command

import (
	"fmt"

	"github.com/boardgate/boardgate/internal/event"
	"github.com/boardgate/boardgate/internal/github"
)

// eventPlan is what follows from the kind of an event alone.
type eventPlan struct {
	pending   bool   // it brings a change that has not landed: production may hold it up, and does not decide by itself
	pull      bool   // it is a pull request's, which has comments, suggestions and renames of its own
	queue     bool   // it is a merge group's: something ahead of it may land with it
	afterDone bool   // production is checked only where the change moved an item into DONE
	standing  bool   // it brings no change: the board is judged as it stands, and the incident's issue follows production
	skip      string // why it leaves nothing to do, empty where it does
}

// eventPlans has a row for each event that the gate knows.
var eventPlans = map[event.Kind]eventPlan{
	event.PullRequest:       {pending: true, pull: true},
	event.PullRequestTarget: {pending: true, pull: true},
	event.MergeGroup:        {pending: true, queue: true},
	event.Push:              {afterDone: true},
	event.Schedule:          {standing: true},
	event.WorkflowDispatch:  {standing: true},
	event.IssueComment:      {skip: "comments are not answered."},
}

// plan is what one run of the action does. It is made once, of the event and the
// inputs, before anything is read.
type plan struct {
	eventPlan
	question   github.Question // the commits that GitHub is asked for; the paths come later
	board      bool            // the board is judged, and not production alone
	production bool            // production is checked, where facts of it are configured
	observes   bool            // the outcome is only shown
	noIncident string          // why an incident's issue is neither opened nor closed, empty where it may be

	// Where the report is published beside the log, the summary and the outputs.
	checkRun    bool // the board's own check run
	factsRun    bool // that of production
	comment     string
	suggestions bool
}

func planOf(e event.Event, in inputs) plan {
	p := plan{
		eventPlan: eventPlans[e.Kind], board: in.prodFacts != "only", production: in.prodFacts != "off",
		question: github.Question{Repo: e.Repo, Head: e.Head}, comment: in.comment, suggestions: in.suggestions,
	}
	switch {
	case e.Kind == event.Push && e.Deleted:
		p.skip = "the push deletes its branch."
	case e.Kind == event.Push && !e.OnDefault && e.DefaultBranch != "":
		p.skip = fmt.Sprintf("%s is not the default branch, %s.", e.Ref, e.DefaultBranch)
	case p.pull:
		p.question.Pull, p.question.Merge = e.Pull, e.Merge
	case !p.standing:
		p.question.Base = e.Base
	}
	if p.queue {
		p.question.Onto = "refs/heads/" + e.BaseRef
	}
	if p.standing && !e.OnDefault && e.DefaultBranch != "" {
		p.noIncident = fmt.Sprintf("prod-facts: no issue is opened or closed from %s, which is not the default branch.", e.Ref)
	}
	// A check run on a schedule would take the place of the one that judged the commit.
	p.factsRun = in.checkRun && e.Head != "" && !p.standing
	p.checkRun = p.factsRun && p.board
	p.observes = in.observe && !p.standing
	if !p.board { // the board's own places are left alone
		p.comment, p.afterDone = "never", false
	}
	return p
}
