package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/compare"
	"github.com/boardgate/boardgate/internal/fact"
	"github.com/boardgate/boardgate/internal/git"
	"github.com/boardgate/boardgate/internal/report"
	"github.com/boardgate/boardgate/internal/rule"
	"github.com/boardgate/boardgate/internal/source"
)

// statePaths is where a state file is looked for, the first there is.
var statePaths = []string{"docs/OPS/STATE.md", "docs/STATE.md", "STATE.md"}

// reader returns the file of a path relative to the root, nil where there is none.
type reader func(path string) (*source.File, error)

func nothing(string) (*source.File, error) { return nil, nil }

// sides are both sides of a change.
type sides struct {
	root   string // the folder that paths are relative to; empty for a loose file
	inGit  bool   // root is a git work tree's
	prefix string // from root to the folder under which the board was found; empty for root itself

	repository *git.Repository  // nil where git was not asked
	commit     string           // the base's, empty where there is none
	against    *report.Compared // what to say of it, nil where nothing is compared
	landed     bool             // the base is HEAD, for HEAD is on the default branch
	branches   []string         // where what was merged has landed: the branch that the change goes into and the default one, as far as they are known
	compared   bool             // there is a base to compare with, or one without a board
	missing    string           // why the base is not available, empty where it was

	readHead, readBase reader
	listHead, listBase lister
	asked              []string // where a board is looked for before any folder is listed
	// renamed returns where a file of the base went in the head, empty where it
	// went nowhere that is known; nil where nobody can be asked.
	renamed func(ctx context.Context, path string) (string, error)

	home             board.Home
	law              law
	config           string // where the configuration would be, where there is none
	path             string // where the board is or was looked for
	namedBy          string // what says so, empty for the configuration
	head, base       *board.Board
	state, baseState *board.Board
	notes            []string // what was passed over, and why
	moves            []string // which files are elsewhere than in the base, a sentence each
	redirects        []rule.Redirect

	archive, baseArchive     *board.Board
	noArchive, noBaseArchive string // why one could not be read, a sentence
}

func (s *sides) close() { s.repository.Close() }

// gather reads both sides of a change, the head alone where the base's files are
// not in the clone. It stops at a configuration that is broken, since no board can
// be judged by it.
func (p *Process) gather(ctx context.Context, o *checkOptions) (*sides, error) {
	s := &sides{readHead: nothing, readBase: nothing, listHead: noNames, listBase: noNames, config: configPath}
	s.locate(p, o)
	if err := s.enclosed(p, o.board); err != nil {
		return s, err
	}
	var home sync.WaitGroup
	if s.inGit && s.open() == nil {
		home.Go(func() { s.home.Host, s.home.Repo = s.repository.Home(ctx) })
	}
	err := s.findBase(ctx, p, o)
	home.Wait()
	if err != nil {
		return s, err
	}
	err = s.readFiles(ctx, p, o)
	if same, _ := s.unchanged(); same && s.landed && err == nil {
		err = s.lastCommit(ctx, p, o)
	}
	if missing := (*git.Missing)(nil); errors.As(err, &missing) {
		s.missing, s.compared, s.commit, s.against = whyMissing(err), false, "", nil
		s.readBase, s.listBase = nothing, noNames
		s.moves, s.redirects = nil, nil
		err = s.readFiles(ctx, p, o)
	}
	return s, err
}

// lastCommit takes the last commit for the change, where nothing else is one: on
// the default branch, with a board that is committed.
func (s *sides) lastCommit(ctx context.Context, p *Process, o *checkOptions) error {
	parent, err := s.repository.Parent(ctx)
	if err != nil {
		return err
	}
	s.commit, s.against = parent.Commit, nil
	s.readBase, s.listBase = nothing, noNames // the first commit has nothing before it
	if s.commit != "" {
		s.atBase(ctx)
		s.against = &report.Compared{Revision: parent.Revision, Commit: parent.Commit}
	}
	s.moves, s.redirects = nil, nil
	return s.readFiles(ctx, p, o)
}

// readFiles reads configuration, boards, archives and state files of both sides.
func (s *sides) readFiles(ctx context.Context, p *Process, o *checkOptions) error {
	if err := s.readLaw(p, o); err != nil || s.law.broken != nil {
		return err
	}
	s.law.at(s.home)
	if err := s.readBoards(ctx, p, o); err != nil {
		return err
	}
	if o.output.path != "" && sameFile(p.disk(o.output.path), s.onDisk(p, o)) {
		return misuse("", "--output %s: it is the board", o.output.path)
	}
	s.readArchives()
	if err := s.readStates(p, o); err != nil {
		return err
	}
	return s.whole()
}

// locate finds the root: the git work tree of the board, or of the working
// directory; without git the working directory where the board is to be found,
// and none for a loose file.
func (s *sides) locate(p *Process, o *checkOptions) {
	if o.board == onInput {
		return
	}
	from := p.Dir
	if o.board != "" {
		from = filepath.Dir(p.disk(o.board))
	}
	s.root, s.inGit = git.Root(from)
	if !s.inGit && o.board == "" {
		s.root = p.Dir
	}
	if s.root == "" {
		return
	}
	s.prefix = s.relative(p.Dir)
	s.readHead = func(path string) (*source.File, error) { return standing(s.root, path) }
	s.listHead = func(folder string) ([]string, error) { return namesIn(s.root, folder) }
}

// enclosed refuses a board that the user names in the work tree of the working
// directory, and that a link there puts into another.
func (s *sides) enclosed(p *Process, named string) error {
	if named == "" || named == onInput {
		return nil
	}
	outer, inside, ok := p.workTree(p.disk(named))
	if !ok || outer == s.root {
		return nil
	}
	root, err := os.OpenRoot(outer)
	if err != nil {
		return unread(named, err)
	}
	defer root.Close()
	if _, err = root.Stat(inside); errors.Is(leaving(root, err), errLeaves) {
		return unread(named, errLeaves)
	}
	return nil
}

// relative returns a place on disk as a path from the root, empty for the root
// itself and for what lies outside.
func (s *sides) relative(place string) string { return pathBelow(s.root, place) }

// onDisk returns where the head's board lies.
func (s *sides) onDisk(p *Process, o *checkOptions) string {
	if s.root == "" {
		return p.disk(o.board)
	}
	return filepath.Join(s.root, filepath.FromSlash(s.path))
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// findBase finds the commit to compare with, where it is to be one.
func (s *sides) findBase(ctx context.Context, p *Process, o *checkOptions) error {
	switch {
	case o.baseFile != "":
		s.compared, s.against = true, &report.Compared{Revision: p.shown(s.root, o.baseFile)}
		return nil
	case o.staged && !s.inGit:
		return misuse("", "--staged: the board is in no git work tree")
	case o.base != "" && !s.inGit:
		return misuse("Compare two files with --base-file.", "--base %s: the board is in no git work tree", o.base)
	case o.noBase, !s.inGit:
		return nil
	}
	if err := s.open(); err != nil {
		s.missing = "The base could not be read: " + err.Error() + ". Compare with --base-file FILE, or judge the board alone with --no-base."
		return nil
	}
	err := s.resolve(ctx, o)
	if known := (*failure)(nil); errors.As(err, &known) {
		return err
	}
	if err != nil {
		s.missing = whyMissing(err)
		return nil
	}
	s.compared = true
	if s.commit != "" {
		s.atBase(ctx)
		s.renamed = func(ctx context.Context, path string) (string, error) {
			return s.repository.RenamedTo(ctx, s.commit, path)
		}
	}
	return nil
}

// open opens the repository, once.
func (s *sides) open() (err error) {
	if s.repository == nil {
		s.repository, err = git.Open(s.root)
	}
	return err
}

// resolve sets the base's commit: HEAD for what is staged, that of a revision,
// else what the repository takes for the base.
func (s *sides) resolve(ctx context.Context, o *checkOptions) error {
	revision := o.base
	switch {
	case o.staged:
		s.readHead = func(path string) (*source.File, error) { return s.repository.Staged(ctx, path, mostBytes) }
		s.listHead = func(folder string) ([]string, error) { return s.repository.StagedNames(ctx, folder) }
		commit, err := s.repository.Commit(ctx, "HEAD")
		s.commit, s.against = commit, &report.Compared{Revision: "HEAD", Commit: commit, Staged: true}
		return err
	case revision == "":
		base, err := s.repository.Base(ctx)
		s.commit, s.branches, s.landed = base.Commit, distinct(base.Branch), base.Landed
		if base.Commit != "" {
			s.against = &report.Compared{Revision: base.Revision, Commit: base.Commit}
		}
		return err
	}
	commit, err := s.repository.Revision(ctx, revision)
	if err == nil && commit == "" {
		return misuse("`git log --oneline` lists those there are; a branch of origin may have to be fetched first.",
			"--base %s: there is no such revision", revision)
	}
	s.commit, s.against = commit, &report.Compared{Revision: revision, Commit: commit}
	return err
}

// distinct returns the names that are not empty, each once.
func distinct(names ...string) (out []string) {
	for _, n := range names {
		if n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// whyMissing is a sentence with the command that helps.
func whyMissing(err error) string {
	if m := (*git.Missing)(nil); errors.As(err, &m) {
		return fmt.Sprintf("The base is not available: %s. Run `%s`, or name the base with --base.", m.What, m.Command)
	}
	return fmt.Sprintf("The base is not available: %v.", err)
}

// atBase has the base read from its commit.
func (s *sides) atBase(ctx context.Context) {
	failed := func(path string, err error) error {
		return &failure{Unverified, fmt.Errorf("reading %s at the base %.12s: %w", path, s.commit, err), ""}
	}
	s.readBase = func(path string) (*source.File, error) {
		f, err := s.repository.Read(ctx, s.commit, path, mostBytes)
		if err == nil && f != nil && isPointer(f.Text) {
			err = errPointer
		}
		if err != nil {
			err = failed(path, err)
		}
		return f, err
	}
	s.listBase = func(folder string) ([]string, error) {
		names, err := s.repository.Names(ctx, s.commit, folder)
		if err != nil {
			err = failed(cmp.Or(folder, "the top folder"), err)
		}
		return names, err
	}
}

// readLaw reads the configuration of both sides, or the one that --config names.
func (s *sides) readLaw(p *Process, o *checkOptions) error {
	if o.config != "" {
		f, err := p.named(s.root, "configuration", o.config)
		if err == nil {
			s.law = single(readPolicy(f))
		}
		return err
	}
	base, err := configIn(s.readBase, configPaths)
	if err != nil {
		return err
	}
	head, err := configIn(s.readHead, configPaths)
	if err == nil {
		s.law = configure(base, head, s.commit)
	}
	return err
}

// readBoards reads the board of both sides, each by its own side's words.
func (s *sides) readBoards(ctx context.Context, p *Process, o *checkOptions) (err error) {
	switch {
	case o.board == "":
		err = s.findBoards(ctx)
	case s.root == "":
		s.path = filepath.ToSlash(o.board)
		s.head, err = s.parseNamed(p, "board", o.board, s.law.head.Words)
	default:
		s.path, s.prefix = s.relative(p.disk(o.board)), ""
		if err = s.readBoth(s.path, s.path); err == nil && s.head == nil && s.base == nil {
			err = misuse(p.meant(o.board, s.typed(p)), "reading the board: there is no file %s", filepath.ToSlash(o.board))
		}
	}
	if err != nil || o.baseFile == "" {
		return err
	}
	s.base, err = s.parseNamed(p, "base", o.baseFile, s.law.base.Words)
	return err
}

func (s *sides) parseNamed(p *Process, what, path string, words board.Words) (*board.Board, error) {
	f, err := p.named(s.root, what, path)
	return parsed(f, words), err
}

// parsed returns the board of a file, nil where there is none.
func parsed(f *source.File, words board.Words) *board.Board {
	if f == nil {
		return nil
	}
	return board.Parse(f, words)
}

// readBoth reads the board of each side at its path, and parses them side by side.
func (s *sides) readBoth(headPath, basePath string) error {
	base, err := s.readBase(basePath)
	if err != nil {
		return err
	}
	head, err := s.readHead(headPath)
	var other sync.WaitGroup
	other.Go(func() { s.base = s.parseBase(base) })
	s.head = parsed(head, s.law.head.Words)
	other.Wait()
	return err
}

// isBoard says whether a file is taken for the board where it is found.
func isBoard(b *board.Board) bool {
	return len(b.Columns) > 0 && b.Problem == "" || b.Problem == board.Conflict || b.Problem == board.TooMuch
}

// whole says which of the files holds more than is read, so that nothing can be
// said of it.
func (s *sides) whole() error {
	for _, b := range []*board.Board{s.head, s.base, s.state, s.baseState, s.archive} {
		if b != nil && b.Problem == board.TooMuch {
			return &failure{Unverified, fmt.Errorf("%s holds %s, and is not read (line %d)", b.File.Path, b.Excess, b.At.From().Line), "Move finished items to a file of their own, or take out what is not the board's."}
		}
	}
	return nil
}

// note adds a remark, once.
func (s *sides) note(sentence string) {
	if !slices.Contains(s.notes, sentence) {
		s.notes = append(s.notes, sentence)
	}
}

// under returns paths, and again those below a folder.
func under(folder string, paths []string) []string {
	if folder == "" {
		return paths
	}
	out := append([]string(nil), paths...)
	for _, p := range paths {
		out = append(out, path.Join(folder, p))
	}
	return out
}

// readStates reads the state file of both sides: those named, else those found.
func (s *sides) readStates(p *Process, o *checkOptions) (err error) {
	switch {
	case o.state == "":
		err = s.findStates()
	case o.staged:
		s.state, err = readBy(s.readHead, s.relative(p.disk(o.state)), s.law.head.StateWords)
	default:
		s.state, err = s.parseNamed(p, "state file", o.state, s.law.head.StateWords)
	}
	switch {
	case err != nil:
	case o.stateBase != "":
		s.baseState, err = s.parseNamed(p, "state file", o.stateBase, s.law.base.StateWords)
	case o.state != "":
		s.baseState, err = s.stateBefore(p, o.state)
	}
	return err
}

// stateBefore returns the base's version of the state file that was named; of
// one outside the repository there is no other.
func (s *sides) stateBefore(p *Process, named string) (*board.Board, error) {
	at := ""
	if s.root != "" && named != onInput {
		at = s.relative(p.disk(named))
	}
	if at == "" {
		return s.state, nil
	}
	before, err := readBy(s.readBase, at, s.law.base.StateWords)
	if before == nil && s.commit == "" {
		return s.state, err // nothing says that it is another
	}
	return before, err
}

// unchanged says whether a change leaves all that the gate looks at as it was, and
// whether it edits the state file alone.
func (s *sides) unchanged() (all, butState bool) {
	if !s.compared || s.head == nil || s.base == nil || s.law.edited != nil || s.law.brought() || len(s.redirects)+len(s.moves) > 0 ||
		!sameText(s.base, s.head) || !sameText(s.baseArchive, s.archive) {
		return false, false
	}
	all = sameText(s.baseState, s.state)
	return all, !all
}

// untouched is the remark on a change that leaves all as it was.
func (s *sides) untouched() string {
	return fmt.Sprintf("this change touches neither the board %s nor its state file or configuration, white space aside, so there was nothing to judge.", s.path)
}

// sameText says whether a file is the same on both sides, white space aside.
func sameText(base, head *board.Board) bool {
	if base == nil || head == nil {
		return base == head
	}
	return compare.SameText(base.File.Text, head.File.Text)
}

// caseOf puts together what is judged. Where only white space differs the base is
// the head's text, so that nothing can come of it, line breaks included.
func (s *sides) caseOf(o *checkOptions) *rule.Case {
	if s.base != nil && s.head != nil && sameText(s.base, s.head) && !bytes.Equal(s.base.File.Text, s.head.File.Text) {
		s.base = board.Parse(source.NewFile(s.base.File.Path, s.head.File.Text), s.law.base.Words)
	}
	c := &rule.Case{
		Head: s.head, State: s.state, BaseState: s.baseState,
		Archive: s.archive, BaseArchive: s.baseArchive, NoArchive: s.noArchive,
		Policy: s.law.judge, HeadConfig: s.law.edited, Redirects: s.redirects,
		HeadWords: s.law.head.Words, BaseWords: s.law.before.Words,
		Now: o.now, Pull: o.pull, PullPending: o.pending, BoardPath: s.path,
	}
	if s.head == nil && s.law.head.Board != "" {
		c.BoardNamedBy = cmp.Or(s.namedBy, s.configPath())
		if other, err := s.discover(s.readHead, s.listHead, s.law.head.Words); err == nil && other != nil {
			c.BoardElsewhere = other.File.Path
		}
	}
	switch {
	case !s.compared:
	case s.base == nil, s.base.Problem != "", len(s.base.Columns) == 0:
		c.BaseKind = rule.Adoption
	default:
		c.BaseKind, c.Base, c.Deleted = rule.Present, s.base, s.head == nil
		if s.head == nil || s.head.Problem != board.Conflict {
			c.Base, c.Head = board.Alike(s.base, s.head)
			c.Changes = compare.Boards(c.Base, c.Head)
		}
	}
	return c
}

// answers asks what the rules want to know: the log for pull requests, the work
// tree for paths. A loose file has nobody to ask.
func (s *sides) answers(ctx context.Context, w fact.Wanted) fact.Answers {
	a := fact.Answers{Branches: s.branches, Paths: map[fact.Path]fact.Presence{}}
	if len(w.Pulls) > 0 && s.repository != nil {
		a.Pulls = s.repository.Merged(ctx, w.Pulls)
	}
	if root, err := os.OpenRoot(s.root); err == nil {
		defer root.Close()
		for _, path := range w.Paths {
			a.Paths[path] = presence(root, filepath.FromSlash(string(path)))
		}
	}
	return a
}

// historyTime is how long earlier versions of the board may be read.
const historyTime = 5 * time.Second

// earlier returns the versions of the board that were committed, the newest
// first, back to the one that stood before a time; nil where not all can be had.
func (s *sides) earlier(ctx context.Context, since time.Time) []*board.Board {
	if since.IsZero() || s.repository == nil {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, historyTime)
	defer cancel()
	var out []*board.Board
	for _, commit := range s.repository.Versions(limited, s.path, since) {
		f, err := s.repository.Read(ctx, commit, s.path, mostBytes)
		if err != nil || f == nil || limited.Err() != nil {
			return nil
		}
		out = append(out, parsed(f, s.law.base.Words))
	}
	return out
}

// presence says whether a path is there; one that leads out of the root is not asked for.
func presence(root *os.Root, path string) fact.Presence {
	_, err := root.Stat(path)
	switch {
	case err == nil:
		return fact.PathThere
	case absent(err):
		return fact.PathMissing
	}
	return fact.PathNotAsked
}

// remarks says what was not looked at, and why.
func (s *sides) remarks() []string {
	var out []string
	if s.law.remark != "" {
		out = append(out, s.law.remark)
	}
	if s.head == nil || len(s.head.Columns) == 0 {
		out = append(out, s.notes...)
	}
	out = append(out, s.moves...)
	if s.law.head.Archive != "" && s.archive == nil && s.noArchive == "" {
		out = append(out, fmt.Sprintf("the configuration says `archive: %s`, and no such file is there.", s.law.head.Archive))
	}
	if s.noBaseArchive != "" {
		out = append(out, s.noBaseArchive)
	}
	return out
}

// withoutState says that a state file is gone, or is not where the configuration
// says; to those who want to know, that there is none to hold the board to.
func (s *sides) withoutState(c *rule.Case, verbose bool) []string {
	if s.head == nil || len(s.head.Columns) == 0 || s.state != nil || c.Policy.Severity(rule.StateSync.Name, rule.Error) == rule.Off {
		return nil
	}
	why := ""
	switch {
	case s.baseState != nil:
		why = fmt.Sprintf("this change takes the state file %s away.", s.baseState.File.Path)
	case s.law.head.State != "":
		why = fmt.Sprintf("the configuration says `state: %s`, and no such file is there.", s.law.head.State)
	case !verbose:
		return nil
	case s.root == "":
		why = "a file outside a repository has no state file but that of --state."
	default:
		why = "there is no state file at " + strings.Join(statePaths, ", ") + "; --state names one."
	}
	return []string{"state-sync compared nothing: " + why}
}
