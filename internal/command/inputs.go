package command

// setting is an input or an output of the action.
type setting struct {
	name  string // as a workflow writes it under `with:`
	unset string // what stands in its place where a workflow does not set it; empty for nothing
	says  string // what it is, one line of Markdown
}

// actionInputs are the inputs of the action, in the order of its documentation.
// action.yml and docs/action.md have the same; a test compares the three.
var actionInputs = []setting{
	{name: "token", unset: "${{ github.token }}", says: "The token that reads the board and publishes. Without one there is nothing to read, and the verdict is unverified."},
	{name: "name", says: "Distinguishes several boards in one repository: appended to the check run's name and the comment's marker."},
	{name: "board", says: "The board's path, instead of the configured one or the first that is found."},
	{name: "state", says: "The state file's path, instead of the configured one."},
	{name: "config", says: "The configuration's path, instead of `.github/boardgate.yml` or `.github/boardgate.yaml`. It is read from the base commit of the change."},
	{name: "require-board", unset: "true", says: "`true` or `false`. With `false`, a repository without a board passes, and the report says so."},
	{name: "fail-on", unset: "error", says: "`error`, `warning` or `never`: the lowest severity that makes the job fail; `never` observes."},
	{name: "check-run", unset: "true", says: "`true` or `false`: whether the check run `boardgate report` is made."},
	{name: "comment", unset: "on-findings", says: "`on-findings`, `always` or `never`: when the pull request gets its one comment."},
	{name: "suggestions", unset: "true", says: "`true` or `false`: whether to suggest a missing pull request number on the DONE item's line, for one click."},
	{name: "prod-facts", unset: "auto", says: "`auto`, `off` or `only`: whether to check the facts of production, and whether to judge the board too."},
	{name: "prod-facts-url", says: "The address of production, instead of the configured one; on a pull request it must have the same host."},
	{name: "ca-file", says: "A file of PEM certificates to trust besides the public ones, for a GitHub, a proxy or a production of your own; a path in the workspace."},
	{name: "report-file", says: "Where the JSON report is written, inside the workspace."},
	{name: "sarif-file", says: "Where the report is written as SARIF, inside the workspace."},
	{name: "junit-file", says: "Where the report is written as JUnit XML, inside the workspace."},
}

// actionOutputs are the outputs of the action: words and numbers of our own,
// never a text from a board.
var actionOutputs = []setting{
	{name: "verdict", says: "`pass`, `fail` or `unverified`."},
	{name: "errors", says: "How many errors the change introduces."},
	{name: "warnings", says: "How many warnings the change introduces."},
	{name: "notices", says: "How many notices the change introduces."},
	{name: "wip", says: "How many items are in WIP after the change."},
	{name: "next", says: "How many items are in NEXT after the change."},
	{name: "done-added", says: "How many items the change moves or adds to DONE."},
	{name: "facts", says: "The facts' names with their status codes, `healthz=200 login=307`. Empty if production was not checked."},
	{name: "issue-number", says: "The number of the incident issue; empty if there is none."},
	{name: "check-run-id", says: "The check run's id; empty if none was created."},
	{name: "comment-id", says: "The comment's id; empty if none was written."},
}
