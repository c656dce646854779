package propose

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/doctor"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

const configHead = `# yaml-language-server: $schema=` + config.SchemaAddress + `
# What differs from the defaults of boardgate; all keys:
# https://github.com/boardgate/boardgate/blob/main/docs/configuration.md
`

// proposeConfig proposes the configuration, with only the keys that are needed.
func (s *proposer) proposeConfig() *File {
	text, why := s.configText()
	unread := !s.notUnderstood && s.remarkUnparsed()
	switch {
	case s.Config == nil && text == "":
		if !unread {
			s.remark("No configuration is needed: the defaults read the board.")
		}
		return nil
	case s.Config == nil:
		return &File{Path: ConfigPath, Text: configHead + text, Why: why}
	}
	return &File{Path: s.configPath(), Text: text, Standing: true}
}

// remarkUnparsed says of what looks like cards and stands in no column, with a
// configuration that reads it where one does; false where there is nothing to say.
func (s *proposer) remarkUnparsed() bool {
	said := false
	if s.parsed == nil {
		return false
	}
	for _, u := range s.parsed.Unparsed {
		if u.Column != nil {
			continue
		}
		said = true
		s.remark("What is below %s, which is not a column, looks like cards (lines: %d).", strconv.Quote(text.Clip(u.Heading.Value, maxHeading)), len(u.Lines))
		if role, list, ok := s.parsed.Suggest(u); ok {
			s.remark("If it is one, say so in %s, such as `columns: { %s: %s }`.", s.configPath(), role, config.List(list))
		}
	}
	return said
}

// configText returns the keys that the board needs, and why.
func (s *proposer) configText() (text, why string) {
	var reasons []string
	if s.needsPath() || s.notUnderstood && s.Config == nil {
		text += "board: " + config.Scalar(s.path) + "\n"
		reasons = append(reasons, "names the board")
	}
	if s.notUnderstood {
		return text + s.emptyColumns(), "is a column map to start from; until it says which heading is which column, check fails"
	}
	if len(s.columns) > 0 {
		text += "columns:\n"
		for _, m := range s.columns {
			text += fmt.Sprintf("  %s: %s\n", m.role, config.List(m.words))
		}
		reasons = append(reasons, "maps column headings that are not the default words")
	}
	if len(s.labels) > 0 {
		text += "words:\n"
		for _, l := range labelKinds {
			if words := s.labels[l.key]; len(words) > 0 {
				text += fmt.Sprintf("  %s: %s\n", l.key, config.List(words))
			}
		}
		reasons = append(reasons, "adds words of the board's language")
	}
	return text, strings.Join(reasons, ", ")
}

// needsPath says whether check would not find this board, or might take another.
func (s *proposer) needsPath() bool {
	if s.Config != nil && s.Config.Policy.Board == s.path {
		return false
	}
	if !slices.Contains(s.Known, s.path) {
		return true
	}
	return s.found != nil && slices.ContainsFunc(s.Boards, func(f *source.File) bool {
		return f.Path != s.path && slices.Contains(s.Known, f.Path) && len(board.Parse(f, s.words).Columns) > 0
	})
}

// emptyColumns returns a column map whose words are the owner's to fill in.
func (s *proposer) emptyColumns() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The headings of %s:\n", commentLine(s.path))
	for i, h := range s.parsed.Headings {
		if i == 20 {
			fmt.Fprintf(&b, "#   and %d more\n", len(s.parsed.Headings)-i)
			break
		}
		fmt.Fprintf(&b, "#   %s\n", commentLine(config.Scalar(text.Clip(withoutBracket(h.Value), maxHeading))))
	}
	b.WriteString("# Put those that are columns between the brackets of their role, and take its # away.\ncolumns:\n")
	for _, role := range allRoles {
		fmt.Fprintf(&b, "  # %s: []\n", role)
	}
	return b.String()
}

// withoutBracket returns a heading without a bracket at its end, which says a limit or a time.
func withoutBracket(heading string) string {
	if i := strings.IndexAny(heading, "(["); i > 0 {
		return strings.TrimSpace(heading[:i])
	}
	return heading
}

// commentLine keeps a text on the one line of a comment.
func commentLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// proposeBoard proposes a board where there is none, its columns called by the words in force.
func (s *proposer) proposeBoard() *File {
	if s.found != nil {
		return nil
	}
	title := func(role board.Role) string { return s.words.Columns[role][0] }
	return &File{
		Path: s.path, Why: "is a board to start from; check passes on it",
		Text:     fmt.Sprintf(startBoard, s.Now.UTC().Format("2006-01-02 15:04"), title(board.WIP), title(board.Next), title(board.Done)),
		Standing: slices.ContainsFunc(s.Boards, func(b *source.File) bool { return b.Path == s.path }),
	}
}

const startBoard = `# NEXT 7 DAYS

**Last Updated**: %s UTC

## %s (1 item only)

### 1) Put the board under the gate
- **DoD**:
  - ` + "`boardgate check`" + ` exits 0 on the default branch
  - A pull request with a second item under WIP is refused

## %s (ordered, max 3)

None (add what comes next, in order, each with a Definition of Done)

## %s (this week)

None

## Rules

- One item in WIP. It has a Definition of Done before it is started.
- The next item is the first of NEXT.
- An item in DONE has its date and its pull request: ` + "`- Title (YYYY-MM-DD) - PR #N`" + `
- Production is checked after.
`

// proposeState proposes a state file, where it is wished for.
func (s *proposer) proposeState() *File {
	if !s.WantState {
		return nil
	}
	if s.State != nil {
		return &File{Path: s.State.Path, Standing: true}
	}
	return &File{Path: StatePath, Text: s.stateText(), Why: "is a state file to start from, in step with the board"}
}

// stateText names what is in WIP under IN PROGRESS.
func (s *proposer) stateText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# STATE\n\n**Last Updated**: %s UTC\n\n## IN PROGRESS\n\n", s.Now.UTC().Format("2006-01-02 15:04"))
	titles := s.inProgress()
	for _, title := range titles {
		fmt.Fprintf(&b, "- %s\n", title)
	}
	if len(titles) == 0 {
		b.WriteString("None\n")
	}
	b.WriteString("\n## STABLE\n\nNone\n\n## CLOSED\n\nNone\n\n## BLOCKED\n\nNone\n")
	return b.String()
}

// inProgress returns the titles in WIP, as they are written.
func (s *proposer) inProgress() []string {
	if s.found == nil {
		return []string{"Put the board under the gate"}
	}
	var out []string
	for _, it := range s.parsed.Items(board.WIP) {
		out = append(out, commentLine(it.Title.Span.FirstLine().Text()))
	}
	return out
}

// proposeWorkflow proposes the workflow that judges pull requests.
func (s *proposer) proposeWorkflow() *File {
	if !s.WantWorkflow || !s.Git {
		return nil
	}
	for _, f := range s.Workflows {
		if f.Path == WorkflowPath || doctor.Judges(f) {
			return &File{Path: f.Path, Standing: true}
		}
	}
	branch := s.Branch
	if branch == "" {
		branch = "main"
		s.remark("The default branch is not known; the workflow says main.")
	}
	return &File{
		Path: WorkflowPath, Text: doctor.Pinned(doctor.GateWorkflow(config.List([]string{branch}), s.Monitored), s.Ref),
		Why: "judges every pull request; require its job board-gate in the branch's rules",
	}
}

// proposeSmoke proposes the workflow that checks production, where there are facts to check.
func (s *proposer) proposeSmoke() *File {
	if !s.WantWorkflow || !s.Git || !s.Facts {
		return nil
	}
	for _, f := range s.Workflows {
		if f.Path == doctor.SmokePath || doctor.ChecksProduction(f) {
			return &File{Path: f.Path, Standing: true}
		}
	}
	return &File{Path: doctor.SmokePath, Text: doctor.Pinned(doctor.SmokeWorkflow, s.Ref), Why: "checks production every hour, and opens one issue while a fact fails"}
}

const hookLines = `  - repo: https://github.com/boardgate/boardgate
    rev: %s
    hooks:
      - id: boardgate
        files: %s
`

// hookPattern is the expression for the files that start the hook: the board, the state
// file and the configuration.
func (s *proposer) hookPattern() string {
	state := StatePath
	if s.State != nil {
		state = s.State.Path
	}
	var out []string
	for _, path := range []string{s.path, state, s.configPath()} {
		out = append(out, regexp.QuoteMeta(path))
	}
	return "^(" + strings.Join(out, "|") + ")$"
}

// proposeHooks proposes the lines by which pre-commit judges the board at each commit.
func (s *proposer) proposeHooks() *File {
	if !s.Git {
		s.remark("This is not a git repository, so neither a workflow nor pre-commit lines are proposed.")
		return nil
	}
	lines := fmt.Sprintf(hookLines, cmp.Or(s.Ref, doctor.Placeholder), config.Scalar(s.hookPattern()))
	switch {
	case s.Hooks == nil:
		return &File{Path: HooksPath, Text: "repos:\n" + lines, Why: "judges the board at each commit, where pre-commit is installed"}
	case doctor.RunsGate(s.Hooks):
		return &File{Path: HooksPath, Standing: true}
	}
	return &File{Path: HooksPath, Text: lines, Standing: true}
}
