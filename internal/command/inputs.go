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
	{name: "name", says: "Tells the boards of one repository apart: appended to the check run's name and the comment's marker."},
	{name: "board", says: "The board's path, in place of the configuration's and of those that are looked for."},
	{name: "state", says: "The state file's path, in place of the configuration's."},
	{name: "config", says: "The configuration's path, in place of `.github/boardgate.yml` or `.github/boardgate.yaml`. It is read from the commit that the change goes into."},
	{name: "require-board", unset: "true", says: "`true` or `false`. `false` passes, and says so, where there is no board."},
	{name: "fail-on", unset: "error", says: "`error`, `warning` or `never`: what of a change makes the job fail; `never` observes."},
	{name: "check-run", unset: "true", says: "`true` or `false`: whether the check run `boardgate report` is made."},
	{name: "comment", unset: "on-findings", says: "`on-findings`, `always` or `never`: when the pull request gets its one comment."},
	{name: "suggestions", unset: "true", says: "`true` or `false`: whether the number that a DONE item lacks is suggested on its line, for one click."},
	{name: "prod-facts", unset: "auto", says: "`auto`, `off` or `only`: whether production is asked for its facts, and whether the board is judged too."},
	{name: "prod-facts-url", says: "The address production is asked at, in place of the configured one; on a pull request its host must be that one's."},
	{name: "ca-file", says: "A file of PEM certificates to trust besides the public ones, for a GitHub, a proxy or a production of your own; a path in the workspace."},
	{name: "report-file", says: "Where the JSON report is written, inside the workspace."},
	{name: "sarif-file", says: "Where the report is written as SARIF, inside the workspace."},
	{name: "junit-file", says: "Where the report is written as JUnit XML, inside the workspace."},
}

// actionOutputs are the outputs of the action: words and numbers of our own,
// never a text from a board.
var actionOutputs = []setting{
	{name: "verdict", says: "`pass`, `fail` or `unverified`."},
	{name: "errors", says: "How many errors the change brings in."},
	{name: "warnings", says: "How many warnings the change brings in."},
	{name: "notices", says: "How many notices the change brings in."},
	{name: "wip", says: "How many items stand in WIP after the change."},
	{name: "next", says: "How many items stand in NEXT after the change."},
	{name: "done-added", says: "How many items the change brings into DONE."},
	{name: "facts", says: "What production answered: the facts' names with status codes, `healthz=200 login=307`. Empty where it was not asked."},
	{name: "issue-number", says: "The number of the incident's issue, empty where there is none."},
	{name: "check-run-id", says: "The check run's number, empty where none was made."},
	{name: "comment-id", says: "The comment's number, empty where none was written."},
}
