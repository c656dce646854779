package doctor

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/boardgate/boardgate/internal/source"
)

// workflow is what counts of a workflow file.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
type workflow struct {
	document
	path        string
	root        ast.Node
	on          entry
	events      map[string]entry
	permissions entry
	jobs        []*job
}

type job struct {
	in          *workflow
	key         string
	entry              // the whole job
	name        string // what its check is called
	calls       string // the workflow it calls in place of steps, as written
	condition   entry  // its `if`
	permissions entry
	steps       []step
}

type step struct {
	entry
	uses, run entry
	condition entry // its `if`
	with      map[string]entry
}

// entry is a value and the line it stands on. The zero entry is none.
type entry struct {
	node ast.Node
	line int
}

func (e entry) there() bool { return e.line > 0 }

// document resolves what a YAML document says in another place.
type document struct {
	anchors map[string]ast.Node
	aliases []*ast.AliasNode
}

// The most of a workflow that is read. The YAML parser's time is quadratic in
// the nesting.
const (
	maxBytes   = 512 << 10
	maxNesting = 50
)

// readWorkflow returns a workflow, or why there is none to be had.
func readWorkflow(f *source.File) (*workflow, []Finding) {
	root, fault := parseYAML(f)
	if fault != nil {
		return nil, []Finding{*fault}
	}
	w := &workflow{path: f.Path, root: root, document: newDocument(root)}
	if fault := w.whyRefused(f); fault != nil {
		return nil, []Finding{*fault}
	}
	top := w.entries(root)
	if !top["on"].there() || !top["jobs"].there() {
		return nil, []Finding{{Path: f.Path, Message: "It is not a workflow, which has the keys `on` and `jobs`, so GitHub does not run it.", Hint: "Give it both, or move it out of the folder."}}
	}
	w.on, w.permissions = top["on"], top["permissions"]
	w.events = w.parseEvents(w.on)
	for _, key := range w.keys(top["jobs"].node) {
		w.jobs = append(w.jobs, w.parseJob(key, w.entries(top["jobs"].node)[key]))
	}
	return w, nil
}

// Readable returns nil where GitHub can take a file for a workflow, else an
// error of one line that says why not, "line 12: …" where a line is at fault.
func Readable(f *source.File) error {
	_, found := readWorkflow(f)
	if len(found) == 0 {
		return nil
	}
	why := strings.TrimSuffix(strings.TrimPrefix(found[0].Message, notRun), ".")
	if found[0].Line == 0 {
		return errors.New(why)
	}
	return fmt.Errorf("line %d: %s", found[0].Line, why)
}

// notRun is how a finding about a file that is not YAML begins.
const notRun = "It does not parse, so GitHub does not run it: "

// parseYAML returns the root of a document, nil where it is empty.
func parseYAML(f *source.File) (ast.Node, *Finding) {
	if len(f.Text) > maxBytes {
		return nil, &Finding{Path: f.Path, Message: "The file is larger than a workflow may be."}
	}
	// The YAML scanner counts lines wrongly in a file with CRLF.
	text := bytes.ReplaceAll(bytes.TrimPrefix(f.Text, []byte("\uFEFF")), []byte("\r\n"), []byte("\n"))
	tokens := lexer.Tokenize(string(text))
	if line := tooDeep(tokens); line > 0 {
		return nil, &Finding{Path: f.Path, Line: line, Message: "It is nested deeper than a workflow can be."}
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, yamlFinding(f, err)
	}
	var root ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case root == nil:
			root = doc.Body
		default:
			return nil, parseFinding(f, doc.Body.GetToken().Position.Line, "a second document begins here, and a workflow is one")
		}
	}
	return root, nil
}

// tooDeep returns the line on which brackets or dashes lie too deep, 0 for none.
func tooDeep(tokens token.Tokens) int {
	flow, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType:
			dashes++
		}
		if flow > maxNesting || dashes > maxNesting || t.Type == token.SequenceEntryType && t.Position.Column > 10*maxNesting {
			return line
		}
	}
	return 0
}

// yamlFinding says why a file is not YAML, with the line as it stands.
func yamlFinding(f *source.File, err error) *Finding {
	var at interface {
		GetMessage() string
		GetToken() *token.Token
	}
	if errors.As(err, &at) && at.GetToken() != nil {
		return parseFinding(f, at.GetToken().Position.Line, at.GetMessage())
	}
	why, _, _ := strings.Cut(err.Error(), "\n")
	return parseFinding(f, 0, why)
}

// parseFinding says that GitHub does not take a file. A line that fell out of a text
// is the cause of all that comes after it.
func parseFinding(f *source.File, line int, why string) *Finding {
	line = min(line, f.Lines())
	out := &Finding{Path: f.Path, Line: line, Message: notRun + why + "."}
	if line > 0 {
		out.Hint = "Put this line right, or the one before it: " + lineAt(f, line)
	}
	if n, header := lineOutsideBlock(f, line); n > 0 {
		out.Line = n
		out.Message = notRun + fmt.Sprintf("the text below `%s` ends here, at a line that is indented less than the text.", header)
		out.Hint = "Indent this line and those after it as the text is, or better have a program write the text: " + lineAt(f, n)
	}
	switch {
	case onlyMeantToCheckProduction(f):
		out.Lines = SmokeWorkflow
	case bytes.Contains(f.Text, []byte(action)):
		out.Lines = GateWorkflow("[main]", false)
	}
	return out
}

func lineAt(f *source.File, n int) string { return strings.TrimSpace(string(f.Line(n))) }

// Visit collects anchors and aliases; see ast.Walk.
func (d *document) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.AnchorNode:
		if n.Name != nil {
			d.anchors[n.Name.GetToken().Value] = n.Value
		}
	case *ast.AliasNode:
		d.aliases = append(d.aliases, n)
	}
	return d
}

// newDocument returns the document of a root, nil for an empty one.
func newDocument(root ast.Node) document {
	d := document{anchors: map[string]ast.Node{}}
	if root != nil {
		ast.Walk(&d, root)
	}
	return d
}

// deref returns what a node stands for.
func (d *document) deref(n ast.Node) ast.Node {
	for range maxNesting { // an alias may lead to itself
		switch at := n.(type) {
		case *ast.AnchorNode:
			n = at.Value
		case *ast.AliasNode:
			n = d.anchors[at.Value.GetToken().Value]
		case *ast.TagNode:
			n = at.Value
		default:
			return n
		}
	}
	return nil
}

func (d *document) pairs(n ast.Node) []*ast.MappingValueNode {
	if m, ok := d.deref(n).(*ast.MappingNode); ok {
		return m.Values
	}
	return nil
}

// entries returns what a mapping holds.
func (d *document) entries(n ast.Node) map[string]entry {
	out := map[string]entry{}
	for _, p := range d.pairs(n) {
		at := p.Key.GetToken()
		out[at.Value] = entry{d.deref(p.Value), at.Position.Line}
	}
	return out
}

// keys returns a mapping's keys in their order.
func (d *document) keys(n ast.Node) []string {
	var out []string
	for _, p := range d.pairs(n) {
		out = append(out, p.Key.GetToken().Value)
	}
	return out
}

// sequence returns what a sequence holds; of a single value, that.
func (d *document) sequence(n ast.Node) []entry {
	n = d.deref(n)
	s, ok := n.(*ast.SequenceNode)
	switch {
	case n == nil:
		return nil
	case !ok:
		return []entry{{n, n.GetToken().Position.Line}}
	}
	var out []entry
	for _, v := range s.Values {
		if v = d.deref(v); v != nil {
			out = append(out, entry{v, v.GetToken().Position.Line})
		}
	}
	return out
}

// scalars returns the scalars of a sequence; of a single value, that.
func (d *document) scalars(n ast.Node) []string {
	var out []string
	for _, e := range d.sequence(n) {
		if text := e.scalar(); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// scalar returns a scalar's text, empty for all else.
func (e entry) scalar() string {
	switch n := e.node.(type) {
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.NullNode, *ast.MappingNode, *ast.SequenceNode, nil:
		return ""
	}
	return e.node.GetToken().Value
}

// parseEvents returns the events under `on`, which is a word, a list or a mapping.
func (w *workflow) parseEvents(on entry) map[string]entry {
	if len(w.pairs(on.node)) > 0 {
		return w.entries(on.node)
	}
	out := map[string]entry{}
	for _, e := range w.sequence(on.node) {
		out[e.scalar()] = entry{line: e.line}
	}
	return out
}

func (w *workflow) parseJob(key string, at entry) *job {
	in := w.entries(at.node)
	j := &job{in: w, key: key, entry: at, name: key, calls: in["uses"].scalar(), condition: in["if"], permissions: in["permissions"]}
	if name := in["name"].scalar(); name != "" {
		j.name = name
	}
	if in["strategy"].there() || strings.Contains(j.name, "${{") {
		j.name = "" // known only when it runs
	}
	for _, s := range w.sequence(in["steps"].node) {
		inner := w.entries(s.node)
		j.steps = append(j.steps, step{s, inner["uses"], inner["run"], inner["if"], w.entries(inner["with"].node)})
	}
	return j
}

// eventNames returns the events that start a workflow.
func (w *workflow) eventNames() []string { return slices.Sorted(maps.Keys(w.events)) }

// hasStep says whether a step of any job is so.
func (w *workflow) hasStep(is func(*job, step) bool) bool {
	return slices.ContainsFunc(w.jobs, func(j *job) bool {
		return slices.ContainsFunc(j.steps, func(s step) bool { return is(j, s) })
	})
}

// onlyScheduled says whether a step is there for a schedule or a person, and for no change.
func (j *job) onlyScheduled(s step) bool {
	return j.triggeredBy(s, "schedule", "workflow_dispatch") && !j.triggeredBy(s, mergeEvents...) && !j.triggeredBy(s, "push", "workflow_call")
}

// triggeredBy says whether one of the events leads to a step, as far as the
// conditions before it tell.
func (j *job) triggeredBy(s step, events ...string) bool {
	return slices.ContainsFunc(events, func(event string) bool {
		return j.in.events[event].there() && mayHold(j.condition.scalar(), event) && mayHold(s.condition.scalar(), event)
	})
}
