package fake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// node is a value with fields.
type node struct {
	kind   string
	fields map[string]any // values, or resolver
}

type resolver func(args map[string]any) (any, *refusal)

// refusal is an error about one field: GitHub's type and message.
type refusal struct{ kind, message string }

// supertypes are the interfaces and unions our queries name.
var supertypes = map[string][]string{
	"Issue":       {"IssueOrPullRequest"},
	"PullRequest": {"IssueOrPullRequest"},
	"CheckSuite":  {"Node"},
	"Commit":      {"GitObject"}, "Blob": {"GitObject"}, "Tree": {"GitObject"},
}

func (g *GitHub) serveGraphQL(w http.ResponseWriter, r *http.Request, sent []byte) {
	var q struct {
		Query     string
		Variables map[string]any
	}
	if r.Method != http.MethodPost || json.Unmarshal(sent, &q) != nil {
		refuse(w, http.StatusBadRequest, "Problems parsing JSON")
		return
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: q.Query})
	if err == nil && (len(doc.Operations) != 1 || doc.Operations[0].Operation != ast.Query) {
		err = errors.New("want one query")
	}
	if err != nil {
		send(w, http.StatusOK, map[string]any{"errors": []any{map[string]any{"message": "Parse error: " + err.Error()}}})
		return
	}
	f := g.fault("query " + doc.Operations[0].Name)
	f.play(w, r, func(w http.ResponseWriter) { g.execute(w, doc, q.Variables, f) })
}

func (g *GitHub) execute(w http.ResponseWriter, doc *ast.QueryDocument, variables map[string]any, f *Fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := &execution{fragments: doc.Fragments, variables: variables, fault: f}
	data := e.node(g.rootNode(), doc.Operations[0].SelectionSet, nil)
	answer := map[string]any{"data": data}
	if len(e.errors) > 0 {
		answer["errors"] = e.errors
	}
	send(w, http.StatusOK, answer)
}

// execution is one query being answered.
type execution struct {
	fragments ast.FragmentDefinitionList
	variables map[string]any
	fault     *Fault
	errors    []any
}

// ordered is an answer's object: its fields in the order they were asked for.
type ordered struct {
	keys   []string
	values map[string]any
	void   bool // a field that must not be null was refused
}

func (o *ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, k := range o.keys {
		v, err := json.Marshal(o.values[k])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s%q:%s", map[bool]string{true: "{", false: ","}[i == 0], k, v)
	}
	if len(o.keys) == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// required are the fields that GitHub's schema does not let be null: where one
// is refused, all of the object around it is null.
var required = map[string]bool{"pullRequests": true, "issues": true, "comments": true, "reviewThreads": true, "parents": true, "totalCount": true}

func (e *execution) node(n *node, selections ast.SelectionSet, path []any) any {
	out := &ordered{values: map[string]any{}}
	e.fields(out, n, selections, path)
	if out.void {
		return nil
	}
	return out
}

func (e *execution) fields(out *ordered, n *node, selections ast.SelectionSet, path []any) {
	for _, s := range selections {
		switch s := s.(type) {
		case *ast.InlineFragment:
			if n.is(s.TypeCondition) {
				e.fields(out, n, s.SelectionSet, path)
			}
		case *ast.FragmentSpread:
			if f := e.fragments.ForName(s.Name); f != nil && n.is(f.TypeCondition) {
				e.fields(out, n, f.SelectionSet, path)
			}
		case *ast.Field:
			if _, twice := out.values[s.Alias]; !twice {
				out.keys = append(out.keys, s.Alias)
			}
			v := e.field(n, s, append(slices.Clip(path), s.Alias))
			out.values[s.Alias] = v
			out.void = out.void || (v == nil && required[s.Name])
		}
	}
}

// is says whether a node has a type, itself or as one of its supertypes.
func (n *node) is(kind string) bool {
	return kind == n.kind || slices.Contains(supertypes[n.kind], kind)
}

func (e *execution) field(n *node, s *ast.Field, path []any) any {
	if e.fault != nil && samePath(e.fault.Null, path) {
		if e.fault.Type == "" && e.fault.Message == "" {
			return nil
		}
		return e.addError(&refusal{e.fault.Type, e.fault.Message}, path)
	}
	if s.Name == "__typename" {
		return n.kind
	}
	args, bad := e.arguments(s)
	if bad != nil {
		return e.addError(bad, path)
	}
	v, known := n.fields[s.Name]
	if !known {
		return e.addError(&refusal{"", fmt.Sprintf("Field '%s' doesn't exist on type '%s'", s.Name, n.kind)}, path)
	}
	if r, ok := v.(resolver); ok {
		if v, bad = r(args); bad != nil && s.Name == "nodes" {
			e.addError(bad, append(slices.Clip(path), 0))
			return []any{nil} // the list itself must not be null
		} else if bad != nil {
			return e.addError(bad, path)
		}
	}
	return e.resolveValue(v, s, path)
}

func samePath(null []string, path []any) bool {
	if len(null) != len(path) || len(null) == 0 {
		return false
	}
	for i := range null {
		if any(null[i]) != path[i] {
			return false
		}
	}
	return true
}

func (e *execution) resolveValue(v any, s *ast.Field, path []any) any {
	switch v := v.(type) {
	case *node:
		if v == nil {
			return nil
		}
		return e.node(v, s.SelectionSet, path)
	case []*node:
		list := []any{}
		for i, n := range v {
			list = append(list, e.node(n, s.SelectionSet, append(slices.Clip(path), i)))
		}
		return list
	default:
		return v
	}
}

func (e *execution) addError(bad *refusal, path []any) any {
	row := map[string]any{"message": bad.message, "path": path, "locations": []any{map[string]any{"line": 1, "column": 1}}}
	if bad.kind != "" {
		row["type"] = bad.kind
	}
	e.errors = append(e.errors, row)
	return nil
}

// arguments returns a field's arguments, numbers as int. As on GitHub, one past
// 32 bits in the query's text is refused.
func (e *execution) arguments(s *ast.Field) (map[string]any, *refusal) {
	out := map[string]any{}
	for _, a := range s.Arguments {
		v, err := a.Value.Value(e.variables)
		switch n := v.(type) {
		case int64:
			if n != int64(int32(n)) {
				err = strconv.ErrRange
			}
			v = int(n)
		case float64: // a variable, as JSON has it
			v = int(n)
		}
		if err != nil {
			return nil, &refusal{"", "Parse error on " + a.Value.String()}
		}
		out[a.Name] = v
	}
	return out, nil
}

var forbidden = &refusal{"FORBIDDEN", "Resource not accessible by integration"}

func (g *GitHub) rootNode() *node {
	return &node{"Query", map[string]any{
		"repository": resolver(func(args map[string]any) (any, *refusal) {
			name := fmt.Sprintf("%s/%s", args["owner"], args["name"])
			for _, r := range g.repos {
				if strings.EqualFold(r.Name, name) {
					return g.repositoryNode(r), nil
				}
			}
			return nil, &refusal{"NOT_FOUND", fmt.Sprintf("Could not resolve to a Repository with the name '%s'.", name)}
		}),
		"nodes": g.permitted("checks", func(args map[string]any) (any, *refusal) { return g.suites(args["ids"]), nil }),
	}}
}

func suiteID(file string, r Run) string { return fmt.Sprintf("CS_%s_%d", file, r.Number) }

// suites returns the check suites of runs, each with the one job.
func (g *GitHub) suites(ids any) []*node {
	var out []*node
	for _, r := range g.repos {
		for file, runs := range r.runs {
			for _, run := range runs {
				if id := suiteID(file, run); matchesAny(ids, id) {
					var said []*node
					for _, title := range run.Failures {
						said = append(said, &node{"CheckAnnotation", map[string]any{"title": title, "annotationLevel": "FAILURE"}})
					}
					job := &node{"CheckRun", map[string]any{"annotations": connection("CheckAnnotationConnection", said)}}
					out = append(out, &node{"CheckSuite", map[string]any{"id": id, "checkRuns": connection("CheckRunConnection", []*node{job})}})
				}
			}
		}
	}
	return out
}

func (g *GitHub) repositoryNode(r *Repo) *node {
	return &node{"Repository", map[string]any{
		"defaultBranchRef":   &node{"Ref", map[string]any{"name": r.DefaultBranch}},
		"ref":                g.permitted("contents", func(args map[string]any) (any, *refusal) { return r.refNamed(args["qualifiedName"].(string)), nil }),
		"object":             g.permitted("contents", func(args map[string]any) (any, *refusal) { return r.objectNode(args), nil }),
		"pullRequest":        g.permitted("pull_requests", func(args map[string]any) (any, *refusal) { return g.pullRequest(r, args["number"].(int)) }),
		"pullRequests":       g.permitted("pull_requests", func(map[string]any) (any, *refusal) { return r.countPulls(), nil }),
		"issueOrPullRequest": resolver(func(args map[string]any) (any, *refusal) { return g.issueOrPull(r, args["number"].(int)) }),
		"issues":             g.permitted("issues", func(args map[string]any) (any, *refusal) { return r.issuesPage(args), nil }),
	}}
}

// permitted is a field that needs a permission to be read.
func (g *GitHub) permitted(scope string, do resolver) resolver {
	return func(args map[string]any) (any, *refusal) {
		if !g.may(scope, "read") {
			return nil, forbidden
		}
		return do(args)
	}
}

func (r *Repo) objectNode(args map[string]any) any {
	oid, _ := args["oid"].(string)
	path := ""
	if expression, ok := args["expression"].(string); ok {
		oid, path, _ = strings.Cut(expression, ":")
	}
	if branch, ok := strings.CutPrefix(oid, "refs/heads/"); ok {
		oid = r.branches[branch]
	}
	c := r.commits[oid]
	switch {
	case c == nil:
		return nil
	case path == "":
		return r.commitNode(c)
	case r.isDirectory(c, path):
		return r.treeNode(c, path)
	case c.tree[path] == "":
		return nil
	default:
		return r.blobNode(c.tree[path])
	}
}

// refNamed returns the branch of a name such as refs/heads/main, nil where there is none.
func (r *Repo) refNamed(name string) *node {
	branch, ok := strings.CutPrefix(name, "refs/heads/")
	if !ok {
		return nil
	}
	return r.ref(branch)
}

// ref returns a branch, nil where there is none.
func (r *Repo) ref(branch string) *node {
	if r.branches[branch] == "" {
		return nil
	}
	return &node{"Ref", map[string]any{"name": branch, "target": r.commitNode(r.commits[r.branches[branch]])}}
}

// treeNode is a folder of a commit, "" the top one.
func (r *Repo) treeNode(c *commit, folder string) *node {
	return &node{"Tree", map[string]any{
		"oid": hashOf("tree", folder),
		"entries": resolver(func(map[string]any) (any, *refusal) {
			seen := map[string]bool{}
			entries := []*node{}
			for _, file := range slices.Sorted(maps.Keys(c.tree)) {
				below, inside := strings.CutPrefix(file, strings.TrimPrefix(folder+"/", "/"))
				name, _, _ := strings.Cut(below, "/")
				if inside && !seen[name] {
					seen[name] = true
					entries = append(entries, r.entryNode(c, path.Join(folder, name)))
				}
			}
			return entries, nil
		}),
	}}
}

func (r *Repo) isDirectory(c *commit, path string) bool {
	for file := range c.tree {
		if strings.HasPrefix(file, strings.TrimSuffix(path, "/")+"/") {
			return true
		}
	}
	return false
}

func (r *Repo) commitNode(c *commit) *node {
	if c == nil {
		return nil
	}
	return &node{"Commit", map[string]any{
		"oid": c.oid,
		"parents": resolver(func(map[string]any) (any, *refusal) {
			var parents []*node
			for _, p := range c.parents {
				parents = append(parents, r.commitNode(r.commits[p]))
			}
			return connection("CommitConnection", parents), nil
		}),
		"tree": r.treeNode(c, ""),
		"file": resolver(func(args map[string]any) (any, *refusal) { return r.entryNode(c, args["path"].(string)), nil }),
	}}
}

func connection(kind string, nodes []*node) *node {
	return &node{kind, map[string]any{
		"nodes": nodes, "totalCount": len(nodes),
		"pageInfo": &node{"PageInfo", map[string]any{"hasNextPage": false, "endCursor": nil}},
	}}
}

// The modes of what is not a plain file.
const modeLink, modeSubmodule = 0o120000, 0o160000

func (r *Repo) entryNode(c *commit, file string) *node {
	entry := func(mode int, object any) *node {
		return &node{"TreeEntry", map[string]any{"name": path.Base(file), "mode": mode, "object": object}}
	}
	oid := c.tree[file]
	switch {
	case c.modes[file] == modeSubmodule: // its commit is another repository's
		return entry(modeSubmodule, nil)
	case oid != "" && c.modes[file] == modeLink:
		return entry(modeLink, r.blobNode(oid))
	case oid != "":
		return entry(0o100644, r.blobNode(oid))
	case r.isDirectory(c, file):
		return entry(0o040000, r.treeNode(c, file))
	default:
		return nil
	}
}

// truncatedAt is where GraphQL cuts a blob's text, as observed; it is not documented.
const truncatedAt = 512_000

func (r *Repo) blobNode(oid string) *node {
	text := r.blobs[oid]
	binary := strings.ContainsRune(text, 0)
	shown := any(strings.ToValidUTF8(text[:min(len(text), truncatedAt)], "\ufffd"))
	if binary {
		shown = nil
	}
	return &node{"Blob", map[string]any{
		"oid": oid, "byteSize": len(text), "isBinary": binary, "isTruncated": len(text) > truncatedAt, "text": shown,
	}}
}

func (g *GitHub) pullRequest(r *Repo, number int) (any, *refusal) {
	i := r.issues[number]
	if i == nil || i.Pull == nil {
		return nil, &refusal{"NOT_FOUND", fmt.Sprintf("Could not resolve to a PullRequest with the number of %d.", number)}
	}
	return g.pullNode(r, i), nil
}

func (g *GitHub) pullNode(r *Repo, i *Issue) *node {
	p := i.Pull
	mergeable := "MERGEABLE"
	if p.Conflict {
		mergeable = "CONFLICTING"
	} else if p.Merge == "" {
		mergeable = "UNKNOWN"
	}
	return &node{"PullRequest", map[string]any{
		"number": i.Number, "state": i.State, "baseRefName": p.BaseRef,
		"headRefOid": p.Head, "baseRef": r.ref(p.BaseRef), "baseRefOid": cmp.Or(r.branches[p.BaseRef], strings.Repeat("0", 40)), "mergeable": mergeable,
		"potentialMergeCommit": r.commitNode(r.commits[p.Merge]),
		"mergeCommit":          r.commitNode(r.commits[p.MergedAs]),
		"comments":             resolver(func(args map[string]any) (any, *refusal) { return r.commentPage(i.Number, args), nil }),
		"reviewThreads":        resolver(func(args map[string]any) (any, *refusal) { return r.reviewThreads(i.Number, args), nil }),
	}}
}

// commentPage is a page of comments.
func (r *Repo) commentPage(number int, args map[string]any) *node {
	var all []*node
	for _, c := range r.comments {
		if c.Issue == number {
			all = append(all, &node{"IssueComment", map[string]any{
				"fullDatabaseId": strconv.FormatInt(c.ID, 10), "viewerDidAuthor": c.Author == Viewer, "isMinimized": c.Minimized, "body": c.Body,
			}})
		}
	}
	return paged("IssueCommentConnection", all, args)
}

// paged is the page of a connection that its arguments ask for, from its
// beginning or from its end. A cursor is the number of those before it.
func paged(kind string, all []*node, args map[string]any) *node {
	from, to := 0, len(all)
	if after, ok := args["after"].(string); ok {
		from, _ = strconv.Atoi(after)
	}
	if before, ok := args["before"].(string); ok {
		to, _ = strconv.Atoi(before)
	}
	to = min(to, len(all))
	from = min(from, to)
	if first, ok := args["first"].(int); ok {
		to = min(from+first, to)
	} else if last, ok := args["last"].(int); ok {
		from = max(to-last, from)
	}
	page := connection(kind, all[from:to])
	page.fields["totalCount"] = len(all)
	page.fields["pageInfo"] = &node{"PageInfo", map[string]any{
		"hasNextPage": to < len(all), "endCursor": strconv.Itoa(to), "hasPreviousPage": from > 0, "startCursor": strconv.Itoa(from),
	}}
	return page
}

func (r *Repo) reviewThreads(number int, args map[string]any) *node {
	var all []*node
	for _, c := range r.reviews {
		if c.Pull == number {
			one := &node{"PullRequestReviewComment", map[string]any{
				"viewerDidAuthor": c.Author == Viewer, "path": c.Path, "line": c.Line, "body": c.Body,
			}}
			all = append(all, &node{"PullRequestReviewThread", map[string]any{
				"comments": connection("PullRequestReviewCommentConnection", []*node{one}),
			}})
		}
	}
	return paged("PullRequestReviewThreadConnection", all, args)
}

func (r *Repo) countPulls() *node {
	n := 0
	for _, i := range r.issues {
		if i.Pull != nil {
			n++
		}
	}
	return &node{"PullRequestConnection", map[string]any{"totalCount": n}}
}

func (g *GitHub) issueOrPull(r *Repo, number int) (any, *refusal) {
	i := r.issues[number]
	missing := &refusal{"NOT_FOUND", fmt.Sprintf("Could not resolve to an issue or pull request with the number of %d.", number)}
	switch {
	case !g.may("pull_requests", "read") && !g.may("issues", "read"):
		return nil, forbidden
	case i == nil:
		return nil, missing
	case i.Pull != nil && !g.may("pull_requests", "read"), i.Pull == nil && !g.may("issues", "read"):
		return nil, forbidden
	case i.Pull != nil:
		return g.pullNode(r, i), nil
	default:
		return &node{"Issue", map[string]any{"number": i.Number, "state": i.State}}, nil
	}
}

// issuesPage is a page of issues, those of a label where one is asked for, in the
// order of their changes or of their numbers, which is that of their making.
func (r *Repo) issuesPage(args map[string]any) *node {
	var fit []*Issue
	for _, i := range r.issues {
		if i.Pull == nil && (args["labels"] == nil || matchesAny(args["labels"], i.Labels...)) && (args["states"] == nil || matchesAny(args["states"], i.State)) {
			fit = append(fit, i)
		}
	}
	order := fmt.Sprint(args["orderBy"])
	slices.SortFunc(fit, func(a, b *Issue) int {
		if strings.Contains(order, "CREATED_AT") {
			return a.Number - b.Number
		}
		return cmp.Or(a.Time.Compare(b.Time), a.Number-b.Number)
	})
	if strings.Contains(order, "DESC") {
		slices.Reverse(fit)
	}
	var nodes []*node
	for _, i := range fit {
		nodes = append(nodes, &node{"Issue", map[string]any{
			"number": i.Number, "state": i.State, "title": i.Title, "body": i.Body, "viewerDidAuthor": i.Author == Viewer,
			"author": author(i.Author), "labels": connection("LabelConnection", labelNodes(i.Labels)),
		}})
	}
	return paged("IssueConnection", nodes, args)
}

// author is who wrote something: an app's login ends in [bot].
func author(login string) *node {
	if app, ok := strings.CutSuffix(login, "[bot]"); ok {
		return &node{"Bot", map[string]any{"login": app}}
	}
	return &node{"User", map[string]any{"login": login}}
}

func labelNodes(names []string) []*node {
	var out []*node
	for _, name := range names {
		out = append(out, &node{"Label", map[string]any{"name": name}})
	}
	return out
}

// matchesAny says whether one of the words stands in an argument that is a list.
func matchesAny(argument any, words ...string) bool {
	list, _ := argument.([]any)
	return slices.ContainsFunc(list, func(one any) bool { return slices.Contains(words, fmt.Sprint(one)) })
}
