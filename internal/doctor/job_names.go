package doctor

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// checkJobNames looks for checks of one name: they shadow each other, and a rule
// that requires the name takes either
// (https://github.com/actions/runner/issues/1085).
func checkJobNames(all []*workflow) []Finding {
	var out []Finding
	gates := gatesOf(all)
	for _, w := range all {
		for _, j := range w.jobs {
			if slices.Contains(checkRunNames, j.name) {
				out = append(out, j.rename(fmt.Sprintf("The job %q is named like a check run that the gate makes.", j.name)))
			}
			if g := gateNamedLike(gates, j); g != nil {
				out = append(out, j.rename(fmt.Sprintf("The job %q is named like the gate's in %s, so either answers where the name is required.", j.name, g.in.path)))
			}
		}
	}
	return append(out, checkDuplicateRuns(gates)...)
}

// gateNamedLike returns a gate's job that another job, later or no gate itself, is named like.
func gateNamedLike(gates []gate, j *job) *gate {
	mine := slices.IndexFunc(gates, func(g gate) bool { return g.job == j })
	for i, g := range gates {
		if j.name != "" && g.name == j.name && g.job != j && (mine < 0 || i < mine) {
			return &g
		}
	}
	return nil
}

func (j *job) rename(message string) Finding {
	return Finding{
		Path: j.in.path, Line: j.line, Message: message,
		Lines: fmt.Sprintf("  %s:\n    name: %s\n", j.key, distinctName(j)),
	}
}

// distinctName is a name that tells the workflow too.
func distinctName(j *job) string {
	file, _, _ := strings.Cut(path.Base(j.in.path), ".")
	return file + "-" + j.key
}

// checkDuplicateRuns looks for two steps that publish under one name on pull requests.
func checkDuplicateRuns(gates []gate) []Finding {
	var out []Finding
	seen := map[string][]gate{}
	for _, g := range gates {
		for _, s := range g.judging {
			if !s.publishes() || !g.triggeredBy(s, pullRequestEvents...) {
				continue
			}
			name := s.with["name"].scalar()
			others := seen[name]
			seen[name] = append(others, g)
			if len(others) == 0 {
				continue
			}
			where, proposed := "in "+others[0].in.path+" too", distinctName(g.job)
			if others[0].job == g.job {
				where = "more than once in this job"
			}
			if len(others) > 1 {
				proposed += fmt.Sprintf("-%d", len(others)+1)
			}
			out = append(out, Finding{
				Path: g.in.path, Line: s.uses.line,
				Message: fmt.Sprintf("The gate runs %s, and each overwrites the other's check run and comment.", where),
				Hint:    "Take one of them out; where each has a board of its own, give one a name.",
				Lines:   "        with:\n          name: " + proposed + "\n",
			})
		}
	}
	return out
}

// publishes says whether a step makes a check run or a comment.
func (s step) publishes() bool {
	return s.isAction() && (s.with["check-run"].scalar() != "false" || s.with["comment"].scalar() != "never")
}

// checkCheckouts looks for workflows that run a stranger's files with the
// repository's token, which can then forge every check.
// https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
func checkCheckouts(all []*workflow) []Finding {
	var out []Finding
	for _, w := range all {
		if !w.events["pull_request_target"].there() {
			continue
		}
		for _, j := range w.jobs {
			for _, s := range j.steps {
				if strings.HasPrefix(s.uses.scalar(), "actions/checkout@") && checksOutHead(s) {
					out = append(out, Finding{
						Path: w.path, Line: s.uses.line,
						Message: "`pull_request_target` with a checkout of the head puts a stranger's files beside a token that can write, and can forge every check.",
						Hint:    "Take the step out: the gate reads the board without a checkout. What has to run the change's own files belongs in a workflow that pull_request starts.",
						Lines:   "on:\n  pull_request:\n",
					})
				}
			}
		}
	}
	return out
}

// checksOutHead says whether a checkout takes the pull request's own commit.
func checksOutHead(s step) bool {
	from := s.with["ref"].scalar() + " " + s.with["repository"].scalar()
	return slices.ContainsFunc([]string{"github.event.pull_request.head", "github.head_ref", "refs/pull/", "github.event.number", "pull_request.merge_commit_sha"},
		func(word string) bool { return strings.Contains(from, word) })
}
