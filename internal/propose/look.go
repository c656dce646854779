package propose

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/boardgate/boardgate/internal/board"
	"github.com/boardgate/boardgate/internal/config"
	"github.com/boardgate/boardgate/internal/shell"
	"github.com/boardgate/boardgate/internal/source"
	"github.com/boardgate/boardgate/internal/text"
)

// mainRoles are the roles a board should have columns for.
var mainRoles = []board.Role{board.WIP, board.Next, board.Done}

// proposer is what was found, and what follows from it.
type proposer struct {
	Found
	words board.Words // those in force

	path          string              // the board's, also where it is to be started
	found         *source.File        // the board, nil where there is none
	parsed        *board.Board        // as it will be read with the proposed configuration
	columns       []roleWords         // the column map it needs, by role
	labels        map[string][]string // the words it needs, by key
	notUnderstood bool                // it stands there and is not understood
	guessed       bool                // its columns follow from the order of its headings

	remarks []string
}

// roleWords are the words of one role.
type roleWords struct {
	role  board.Role
	words []string
}

func (s *proposer) remark(format string, args ...any) {
	s.remarks = append(s.remarks, fmt.Sprintf(format, args...))
}

// chooseBoard chooses the board among what stands there.
func (s *proposer) chooseBoard() {
	if s.Config != nil && len(s.Config.Faults) > 0 {
		s.remark("%s is broken: %s Fix it first; `boardgate check` says all that is wrong.", s.configPath(), text.Sentence(s.Config.Faults[0].String()))
	}
	for _, choose := range []func(*source.File) bool{s.readsByConfig, s.readsByLanguages, s.readsByOrder, s.hasHeadings} {
		if i := slices.IndexFunc(s.boardFiles(), choose); i >= 0 {
			s.found = s.boardFiles()[i]
			s.path = s.found.Path
			s.describeBoard()
			return
		}
	}
	s.path = s.Board
	if s.path == "" {
		s.path = s.Known[0]
	}
	for _, f := range s.boardFiles() {
		s.remark("%s is not a board: %s.", f.Path, whyNoBoard(board.Parse(f, s.words)))
	}
	s.remark("There is no board. One to start from is proposed at %s.", s.path)
}

// boardFiles are the files that may be the board.
func (s *proposer) boardFiles() []*source.File {
	if s.Board == "" {
		return s.Boards
	}
	return slices.DeleteFunc(slices.Clone(s.Boards), func(f *source.File) bool { return f.Path != s.Board })
}

// readsByConfig says whether a file is a board by the words in force.
func (s *proposer) readsByConfig(f *source.File) bool {
	if countMainColumns(board.Parse(f, s.words)) == 0 {
		return false
	}
	s.learnWords(f)
	return true
}

// readsByLanguages says whether a file is a board by the words of other languages.
func (s *proposer) readsByLanguages(f *source.File) bool {
	if countMainColumns(board.Parse(f, everyWord(s.words))) < 2 {
		return false
	}
	s.learnWords(f)
	return true
}

// orders are the columns that headings in no known words may be, by how many
// there are: from what comes next to what is done, as on most boards.
var orders = map[int][]board.Role{
	2: {board.Next, board.Done},
	3: {board.Next, board.WIP, board.Done},
	4: {board.Other, board.Next, board.WIP, board.Done},
}

// readsByOrder says whether a file that was named as the board has headings that make
// columns in their order.
func (s *proposer) readsByOrder(f *source.File) bool {
	if s.Board == "" {
		return false
	}
	heads := columnHeadings(board.Parse(f, s.words))
	words := s.words
	words.Columns = maps.Clone(words.Columns)
	var columns []roleWords
	for i, role := range orders[len(heads)] {
		m := roleWords{role, []string{withoutBracket(heads[i].Value)}}
		columns, words.Columns[role] = append(columns, m), m.words
	}
	parsed := board.Parse(f, words)
	if len(columns) == 0 || len(parsed.Columns) != len(columns) {
		return false
	}
	s.parsed, s.columns, s.guessed = parsed, columns, true
	return true
}

// columnHeadings returns the headings of the level that most have.
func columnHeadings(b *board.Board) []board.Text {
	levels := map[int][]board.Text{}
	var most []board.Text
	for _, h := range b.Headings {
		line := string(h.Span.File.Line(h.Span.From().Line))
		level := len(line) - len(strings.TrimLeft(line, "#"))
		levels[level] = append(levels[level], h)
		if len(levels[level]) > len(most) {
			most = levels[level]
		}
	}
	return most
}

// hasHeadings says whether a file has headings that might be columns.
func (s *proposer) hasHeadings(f *source.File) bool {
	s.parsed = board.Parse(f, s.words)
	s.notUnderstood = len(s.parsed.Headings) > 0
	return s.notUnderstood
}

// countMainColumns counts the main roles that a board has columns for.
func countMainColumns(b *board.Board) int {
	n := 0
	for _, role := range mainRoles {
		if len(b.Column(role)) > 0 {
			n++
		}
	}
	return n
}

// learnWords finds the fewest words of other languages by which the file is read as
// well as by all of them.
func (s *proposer) learnWords(f *source.File) {
	before, after := board.Parse(f, s.words), board.Parse(f, everyWord(s.words))
	words := s.words
	words.Columns = maps.Clone(words.Columns)
	s.columns = nil
	for _, role := range allRoles {
		if countMainColumns(before) < len(mainRoles) && len(before.Column(role)) == 0 && len(after.Column(role)) > 0 {
			m := roleWords{role, wordsOf(after.Column(role))}
			s.columns = append(s.columns, m)
			words.Columns[role] = m.words
		}
	}
	s.labels = s.neededLabels(f, &words)
	s.parsed = board.Parse(f, words)
}

// wordsOf returns the words by which columns were known, each once.
func wordsOf(columns []*board.Column) []string {
	var out []string
	for _, c := range columns {
		if !slices.Contains(out, c.Word) {
			out = append(out, c.Word)
		}
	}
	return out
}

// neededLabels adds to words the labels without which the file is read as less, and
// returns them by their keys.
func (s *proposer) neededLabels(f *source.File, words *board.Words) map[string][]string {
	out := map[string][]string{}
	for _, l := range labelKinds {
		list := l.in(words)
		standing := *list
		read := func(more []string) string {
			*list = slices.Concat(standing, more)
			return outline(board.Parse(f, *words))
		}
		if more := minimize(s.candidateWords(l.key, standing), read); len(more) > 0 {
			out[l.key] = more
		}
	}
	return out
}

// candidateWords returns the labels of likely languages that do not stand yet.
func (s *proposer) candidateWords(key string, standing []string) []string {
	var out []string
	for _, lang := range s.likelyLanguages() {
		for _, w := range lang[key] {
			if !slices.ContainsFunc(standing, func(one string) bool { return strings.EqualFold(one, w) }) {
				out = append(out, w)
			}
		}
	}
	return out
}

// minimize takes out of words what makes no difference to what is read: many at a
// time first, since a reading of a large board takes long. The last reading is
// the one with those that are left.
func minimize(words []string, read func([]string) string) []string {
	full := read(words)
	for size := len(words); size > 0; size /= 2 {
		for i := 0; i < len(words); {
			fewer := slices.Delete(slices.Clone(words), i, min(i+size, len(words)))
			if read(fewer) == full {
				words = fewer
			} else {
				i += size
			}
		}
	}
	read(words)
	return words
}

// likelyLanguages are the languages whose words may be meant: those of the columns, and
// those of other scripts, whose words cannot stand in a text by chance.
func (s *proposer) likelyLanguages() []language {
	var out []language
	for _, lang := range languages() {
		used := slices.ContainsFunc(s.columns, func(m roleWords) bool {
			return slices.ContainsFunc(m.words, func(w string) bool { return slices.Contains(lang[string(m.role)], w) })
		})
		if used || !lang.latin() {
			out = append(out, lang)
		}
	}
	return out
}

// outline is what a board is read as, so that two readings can be told apart.
func outline(b *board.Board) string {
	var out strings.Builder
	stamp, _ := b.Stamp()
	fmt.Fprintln(&out, stamp.Raw, len(b.Unparsed))
	for _, c := range b.Columns {
		limit := "none"
		if c.Limit != nil {
			limit = strconv.Itoa(c.Limit.Max)
		}
		fmt.Fprintln(&out, c.Role, limit, len(c.Items))
		for _, it := range c.Items {
			criteria := -1
			if it.DoD != nil {
				criteria = len(it.DoD.Criteria)
			}
			fmt.Fprintln(&out, it.Title.Value, criteria)
		}
	}
	return out.String()
}

// describeBoard says what the board was found to be.
func (s *proposer) describeBoard() {
	if s.notUnderstood {
		s.remark("%s is not understood: %s. Its headings are %s.", s.path, whyNoBoard(s.parsed), s.headings())
		s.remark("If it is not a board, `boardgate init --board docs/NEXT-7D.md` starts one.")
		return
	}
	var counts []string
	for _, role := range mainRoles {
		if len(s.parsed.Column(role)) > 0 {
			counts = append(counts, fmt.Sprintf("%d in %s", len(s.parsed.Items(role)), strings.ToUpper(string(role))))
		}
	}
	s.remark("%s is the board: %s.", s.path, strings.Join(counts, ", "))
	if s.guessed {
		s.remark("Which heading is which column was guessed from their order; correct it under columns in %s.", s.configPath())
	}
	s.remarkMissingColumn()
	s.remarkOtherBoards()
}

// remarkMissingColumn says which main role has no column, and which heading would
// be one. What looks like cards below a heading is said by itself.
func (s *proposer) remarkMissingColumn() {
	if slices.ContainsFunc(s.parsed.Unparsed, func(u board.Unparsed) bool { return u.Column == nil }) {
		return
	}
	for _, role := range mainRoles {
		if len(s.parsed.Column(role)) > 0 {
			continue
		}
		name := strings.ToUpper(string(role))
		for _, h := range s.parsed.Headings {
			if list, ok := s.parsed.Mapped(role, h); ok {
				s.remark("No column of it is %s. Its other headings are %s; where %s is, say so in %s: `columns: { %s: %s }`.",
					name, s.headings(), strconv.Quote(text.Clip(h.Value, maxHeading)), s.configPath(), role, config.List(list))
				return
			}
		}
		s.remark("No column of it is %s, and no other heading of it has items.", name)
		return
	}
}

// remarkOtherBoards names the other boards.
func (s *proposer) remarkOtherBoards() {
	for _, f := range s.Boards {
		if f.Path != s.path && (len(board.Parse(f, s.words).Columns) > 0 || countMainColumns(board.Parse(f, everyWord(s.words))) > 1) {
			s.remark("%s has columns too. The gate holds one board; `boardgate check %s` judges that one.", f.Path, shell.Operand(f.Path))
		}
	}
}

// maxHeading is how much of a heading is quoted, in characters.
const maxHeading = 60

// headings names the headings that are not columns.
func (s *proposer) headings() string {
	const most = 12
	var out []string
	for _, h := range s.parsed.Headings {
		if len(out) == most {
			return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", len(s.parsed.Headings)-most)
		}
		out = append(out, strconv.Quote(text.Clip(h.Value, maxHeading)))
	}
	return strings.Join(out, ", ")
}

func whyNoBoard(b *board.Board) string {
	switch b.Problem {
	case board.Empty:
		return "it is empty"
	case board.Binary:
		return "it is not text"
	case board.NotUTF8:
		return "it is not UTF-8"
	case board.Scattered:
		return "its column words are below other sections, as in a plan of days"
	}
	return "no heading of it is a column"
}
