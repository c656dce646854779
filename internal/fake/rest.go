package fake

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const v3 = "/api/v3"

// call is one REST request being answered, with the GitHub locked.
type call struct {
	github *GitHub
	w      http.ResponseWriter
	r      *http.Request
	repo   *Repo
}

// need is a permission in the form of the header X-Accepted-GitHub-Permissions:
// alternatives with semicolons between.
type need string

// The permissions of the routes, as the headers of GitHub's answers have them.
const (
	readContents  need = "contents=read"
	readPulls     need = "pull_requests=read"
	readActions   need = "actions=read"
	readChecks    need = "checks=read"
	writeChecks   need = "checks=write"
	writeComments need = "issues=write; pull_requests=write"
	writePulls    need = "pull_requests=write"
	writeIssues   need = "issues=write"
)

func (g *GitHub) routes() *http.ServeMux {
	mux := http.NewServeMux()
	const repo = " " + v3 + "/repos/{owner}/{repo}"
	handle := func(method, path string, n need, do func(*call)) {
		mux.HandleFunc(method+repo+path, func(w http.ResponseWriter, r *http.Request) { g.call(w, r, n, do) })
	}
	handle("POST", "/check-runs", writeChecks, (*call).createCheck)
	handle("PATCH", "/check-runs/{check_run_id}", writeChecks, (*call).updateCheck)
	handle("GET", "/commits/{ref}/check-runs", readChecks, (*call).listChecks)
	handle("POST", "/issues/{issue_number}/comments", writeComments, (*call).createComment)
	handle("PATCH", "/issues/comments/{comment_id}", writeComments, (*call).editComment)
	handle("DELETE", "/issues/comments/{comment_id}", writeComments, (*call).deleteComment)
	handle("POST", "/issues", writeIssues, (*call).createIssue)
	handle("PATCH", "/issues/{issue_number}", writeIssues, (*call).editIssue)
	handle("GET", "/git/blobs/{file_sha}", readContents, (*call).getBlob)
	handle("GET", "/pulls/{pull_number}/files", readPulls, (*call).listFiles)
	handle("POST", "/pulls/{pull_number}/comments", writePulls, (*call).createReviewComment)
	handle("GET", "/compare/{basehead}", readContents, (*call).compareCommits)
	handle("GET", "/actions/workflows/{workflow_id}", readActions, (*call).getWorkflow)
	handle("GET", "/actions/workflows/{workflow_id}/runs", readActions, (*call).listRuns)
	return mux
}

// call answers one request, if the token may make it.
func (g *GitHub) call(w http.ResponseWriter, r *http.Request, n need, do func(*call)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := &call{github: g, w: w, r: r, repo: g.repos[r.PathValue("owner")+"/"+r.PathValue("repo")]}
	w.Header().Set("X-Accepted-GitHub-Permissions", string(n))
	switch {
	case c.repo == nil:
		c.notFound()
	case !g.grants(n):
		refuse(w, http.StatusForbidden, "Resource not accessible by integration")
	default:
		do(c)
	}
}

func (g *GitHub) grants(n need) bool {
	for alternative := range strings.SplitSeq(string(n), ";") {
		scope, level, _ := strings.Cut(strings.TrimSpace(alternative), "=")
		if g.may(scope, level) {
			return true
		}
	}
	return false
}

func (c *call) notFound() { refuse(c.w, http.StatusNotFound, "Not Found") }

func (c *call) pathNumber(name string) int64 {
	n, err := strconv.ParseInt(c.r.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// decode reads the body; what is not JSON is refused, as GitHub does.
func (c *call) decode(into any) bool {
	if err := json.NewDecoder(c.r.Body).Decode(into); err != nil {
		refuse(c.w, http.StatusBadRequest, "Problems parsing JSON")
		return false
	}
	return true
}

// invalid refuses what a request says, with status 422.
func (c *call) invalid(message string) {
	send(c.w, http.StatusUnprocessableEntity, map[string]any{
		"message": "Validation Failed", "documentation_url": "https://docs.github.com/rest",
		"errors": []any{map[string]any{"resource": "Resource", "code": "custom", "field": "body", "message": message}},
	})
}

// checkBody is the body of both requests about check runs.
type checkBody struct {
	Name       string
	HeadSHA    string `json:"head_sha"`
	Status     string
	Conclusion string
	ExternalID string `json:"external_id"`
	Output     *struct {
		Title, Summary string
		Annotations    []Annotation
	}
}

// refusal returns what GitHub would refuse, with the limits of
// https://docs.github.com/en/rest/checks/runs
func (b *checkBody) refusal() string {
	if b.Output == nil {
		return ""
	}
	switch {
	case len(b.Output.Annotations) > 50:
		return "No more than 50 items are allowed; " + strconv.Itoa(len(b.Output.Annotations)) + " were supplied."
	case len(b.Output.Summary) > 65535:
		return "summary exceeds a maximum bytesize of 65535"
	}
	for _, a := range b.Output.Annotations {
		if p := a.refusal(); p != "" {
			return p
		}
	}
	return ""
}

func (a *Annotation) refusal() string {
	switch {
	case a.Path == "" || a.StartLine < 1 || a.EndLine < a.StartLine:
		return "annotations: path, start_line and end_line are required"
	case a.Level != "notice" && a.Level != "warning" && a.Level != "failure":
		return "annotation_level is not included in the list"
	case len(a.Message) > 64*1024 || a.Message == "":
		return "message exceeds a maximum bytesize of 65536"
	case utf8.RuneCountInString(a.Title) > 255:
		return "title is too long (maximum is 255 characters)"
	case a.StartColumn != 0 && a.StartLine != a.EndLine:
		return "start_column and end_column are only allowed on one line"
	}
	return ""
}

func (c *call) createCheck() {
	var b checkBody
	if !c.decode(&b) {
		return
	}
	if c.repo.commits[b.HeadSHA] == nil {
		c.invalid("No commit found for SHA: " + b.HeadSHA)
		return
	}
	if p := b.refusal(); p != "" {
		c.invalid(p)
		return
	}
	run := &CheckRun{
		ID: c.github.newID(), Name: b.Name, Head: b.HeadSHA, Status: b.Status, Conclusion: b.Conclusion,
		ExternalID: b.ExternalID, Time: c.github.now(),
	}
	run.setOutput(b)
	c.repo.checks = append(c.repo.checks, run)
	send(c.w, http.StatusCreated, c.checkRow(run))
}

func (c *call) updateCheck() {
	var b checkBody
	if !c.decode(&b) {
		return
	}
	run := c.repo.findCheck(c.pathNumber("check_run_id"))
	switch p := b.refusal(); {
	case run == nil:
		c.notFound()
	case b.Status != "" || b.Conclusion != "":
		// Since 2025-03-31: https://github.com/LouisBrunner/checks-action/issues/369
		refuse(c.w, http.StatusForbidden, "Check run status and conclusions can only be updated internally by GitHub Actions.")
	case p != "":
		c.invalid(p)
	default:
		run.setOutput(b)
		send(c.w, http.StatusOK, c.checkRow(run))
	}
}

// listChecks lists the check runs of a commit, the newest first. The filter is
// always that all are asked for.
func (c *call) listChecks() {
	ref, name := c.r.PathValue("ref"), c.r.URL.Query().Get("check_name")
	if c.repo.commits[ref] == nil {
		c.invalid("No commit found for SHA: " + ref)
		return
	}
	var fit []*CheckRun
	for _, run := range c.repo.checks {
		if run.Head == ref && (name == "" || run.Name == name) {
			fit = append(fit, run)
		}
	}
	slices.Reverse(fit)
	rows := []any{}
	for _, run := range pageOf(c, fit) {
		rows = append(rows, c.checkRow(run))
	}
	send(c.w, http.StatusOK, map[string]any{"total_count": len(fit), "check_runs": rows})
}

// setOutput adds an output: annotations are appended, title and summary replaced.
func (r *CheckRun) setOutput(b checkBody) {
	if b.Output == nil {
		return
	}
	r.Title, r.Summary = b.Output.Title, b.Output.Summary
	r.Annotations = append(r.Annotations, b.Output.Annotations...)
}

func (r *Repo) findCheck(id int64) *CheckRun {
	for _, c := range r.checks {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// commentBody reads a comment's body and refuses one that is too long or empty.
func (c *call) commentBody() (string, bool) {
	var b struct{ Body string }
	if !c.decode(&b) {
		return "", false
	}
	switch {
	case strings.TrimSpace(b.Body) == "":
		c.invalid("body can't be blank")
	case utf8.RuneCountInString(b.Body) > 65536:
		c.invalid("body is too long (maximum is 65536 characters)")
	default:
		return b.Body, true
	}
	return "", false
}

func (c *call) createComment() {
	number := int(c.pathNumber("issue_number"))
	switch i := c.repo.issues[number]; {
	case i == nil:
		c.notFound()
		return
	case i.Locked:
		refuse(c.w, http.StatusForbidden, "Unable to create comment because issue is locked.")
		return
	}
	body, ok := c.commentBody()
	if !ok {
		return
	}
	made := &Comment{ID: c.github.newID(), Issue: number, Author: Viewer, Body: body, Time: c.github.now()}
	c.repo.comments = append(c.repo.comments, made)
	send(c.w, http.StatusCreated, c.commentRow(made))
}

func (c *call) editComment() {
	found := c.repo.findComment(c.pathNumber("comment_id"))
	if found == nil {
		c.notFound()
		return
	}
	if body, ok := c.commentBody(); ok {
		found.Body = body
		send(c.w, http.StatusOK, c.commentRow(found))
	}
}

func (c *call) deleteComment() {
	found := c.repo.findComment(c.pathNumber("comment_id"))
	if found == nil {
		c.notFound()
		return
	}
	c.repo.comments = slices.DeleteFunc(c.repo.comments, func(one *Comment) bool { return one == found })
	c.w.WriteHeader(http.StatusNoContent)
}

func (r *Repo) findComment(id int64) *Comment {
	for _, c := range r.comments {
		if c.ID == id {
			return c
		}
	}
	return nil
}

func (c *call) createReviewComment() {
	var b struct {
		Body, Path, Side string
		Line             int
		CommitID         string `json:"commit_id"`
	}
	number := int(c.pathNumber("pull_number"))
	i := c.repo.issues[number]
	if i == nil || i.Pull == nil {
		c.notFound()
		return
	}
	if !c.decode(&b) {
		return
	}
	if !c.repo.inDiff(i.Pull, b.Path, b.Line) {
		c.invalid("pull_request_review_thread.line must be part of the diff")
		return
	}
	made := &ReviewComment{
		ID: c.github.newID(), Pull: number, Author: Viewer, Commit: b.CommitID, Path: b.Path, Line: b.Line, Body: b.Body, Time: c.github.now(),
	}
	c.repo.reviews = append(c.repo.reviews, made)
	send(c.w, http.StatusCreated, c.reviewCommentRow(made))
}

// inDiff says whether a line of a pull request's head is one it brings or
// stands within three lines of one, as a diff shows them.
func (r *Repo) inDiff(p *Pull, path string, line int) bool {
	base := r.mergeBase(r.branches[p.BaseRef], p.Head)
	old := strings.Split(r.blobs[r.tree(base)[path]], "\n")
	now := strings.Split(r.blobs[r.tree(p.Head)[path]], "\n")
	first, last := 0, 0
	for first < len(old) && first < len(now) && old[first] == now[first] {
		first++
	}
	for last < len(old)-first && last < len(now)-first && old[len(old)-1-last] == now[len(now)-1-last] {
		last++
	}
	changed := first < len(old) || first < len(now)
	return changed && line > first-3 && line <= len(now)-last+3 && line >= 1 && line <= len(now)
}

func (c *call) createIssue() {
	var b struct {
		Title, Body string
		Labels      []string
	}
	if !c.decode(&b) {
		return
	}
	number := 1
	for n := range c.repo.issues {
		number = max(number, n+1)
	}
	if c.github.noLabels {
		b.Labels = nil
	}
	i := &Issue{Number: number, Title: b.Title, Body: b.Body, Labels: b.Labels, Author: Viewer, State: "OPEN", Time: c.github.now()}
	c.repo.issues[number] = i
	send(c.w, http.StatusCreated, c.issueRow(i))
}

func (c *call) editIssue() {
	var b struct{ Title, Body, State *string }
	i := c.repo.issues[int(c.pathNumber("issue_number"))]
	if i == nil {
		c.notFound()
		return
	}
	if !c.decode(&b) {
		return
	}
	if b.Title != nil {
		i.Title = *b.Title
	}
	if b.Body != nil {
		i.Body = *b.Body
	}
	if b.State != nil {
		i.State = strings.ToUpper(*b.State)
	}
	i.Time = c.github.now()
	send(c.w, http.StatusOK, c.issueRow(i))
}

func (c *call) getBlob() {
	oid := c.r.PathValue("file_sha")
	text, ok := c.repo.blobs[oid]
	if !ok {
		c.notFound()
		return
	}
	send(c.w, http.StatusOK, map[string]any{
		"sha": oid, "node_id": "B_" + oid, "size": len(text), "encoding": "base64",
		"content": lines60(base64.StdEncoding.EncodeToString([]byte(text))), "url": c.api("/git/blobs/%s", oid),
	})
}

// lines60 breaks base64 as GitHub does.
func lines60(s string) string {
	var b strings.Builder
	for len(s) > 60 {
		b.WriteString(s[:60] + "\n")
		s = s[60:]
	}
	return b.String() + s + "\n"
}

func (c *call) listFiles() {
	i := c.repo.issues[int(c.pathNumber("pull_number"))]
	if i == nil || i.Pull == nil {
		c.notFound()
		return
	}
	all := i.Pull.Files
	if all == nil {
		all = c.repo.changedFiles(c.repo.mergeBase(c.repo.branches[i.Pull.BaseRef], i.Pull.Head), i.Pull.Head)
	}
	all = all[:min(len(all), 3000)]
	rows := []any{}
	for _, f := range pageOf(c, all) {
		rows = append(rows, c.fileRow(f, i.Pull.Head))
	}
	send(c.w, http.StatusOK, rows)
}

// pageOf returns the rows of the page asked for, and says in the Link header where the next is.
func pageOf[T any](c *call, all []T) []T {
	q := c.r.URL.Query()
	per, err := strconv.Atoi(q.Get("per_page"))
	if err != nil || per < 1 || per > 100 {
		per = 30
	}
	at, err := strconv.Atoi(q.Get("page"))
	if err != nil || at < 1 {
		at = 1
	}
	from, to := min((at-1)*per, len(all)), min(at*per, len(all))
	if to < len(all) {
		q.Set("page", strconv.Itoa(at+1))
		c.w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?%s>; rel="next"`, c.r.Host, c.r.URL.Path, q.Encode()))
	}
	return all[from:to]
}

func (c *call) compareCommits() {
	base, head, ok := strings.Cut(c.r.PathValue("basehead"), "...")
	if !ok || c.repo.commits[base] == nil || c.repo.commits[head] == nil {
		c.notFound()
		return
	}
	common := c.repo.mergeBase(base, head)
	if common == "" {
		refuse(c.w, http.StatusNotFound, "No common ancestor between "+base+" and "+head+".")
		return
	}
	rows := []any{}
	all := c.repo.changedFiles(common, head)
	for _, f := range all[:min(len(all), 300)] {
		rows = append(rows, c.fileRow(f, head))
	}
	ahead, behind := c.repo.countAhead(head, base), c.repo.countAhead(base, head)
	status := "identical"
	switch {
	case ahead > 0 && behind > 0:
		status = "diverged"
	case ahead > 0:
		status = "ahead"
	case behind > 0:
		status = "behind"
	}
	page := c.html("/compare/%s...%s", base, head)
	send(c.w, http.StatusOK, map[string]any{
		"url": c.api("/compare/%s...%s", base, head), "html_url": page, "permalink_url": page, "diff_url": page + ".diff", "patch_url": page + ".patch",
		"base_commit": c.commitRow(base), "merge_base_commit": c.commitRow(common), "status": status,
		"ahead_by": ahead, "behind_by": behind, "total_commits": ahead, "commits": []any{c.commitRow(head)}, "files": rows,
	})
}

func (c *call) getWorkflow() {
	w := c.repo.findWorkflow(c.r.PathValue("workflow_id"))
	if w == nil {
		c.notFound()
		return
	}
	send(c.w, http.StatusOK, c.workflowRow(*w))
}

// findWorkflow returns the workflow of a file, nil where there is none. One that
// only its runs tell of is active and has no name of its own.
func (r *Repo) findWorkflow(file string) *Workflow {
	if w, ok := r.workflows[file]; ok {
		return &w
	}
	if _, ok := r.runs[file]; ok {
		return &Workflow{File: file, State: "active"}
	}
	return nil
}

func (c *call) listRuns() {
	file := c.r.PathValue("workflow_id")
	if c.repo.findWorkflow(file) == nil {
		c.notFound()
		return
	}
	var fit []Run
	for _, run := range c.repo.runs[file] {
		if run.matches(c.r.URL.Query()) {
			fit = append(fit, run)
		}
	}
	rows := []any{}
	for _, run := range pageOf(c, fit) {
		rows = append(rows, c.runRow(file, run))
	}
	send(c.w, http.StatusOK, map[string]any{"total_count": len(fit), "workflow_runs": rows})
}

// matches says whether a run is one that a query asks for; its status may be a conclusion too.
func (r Run) matches(q url.Values) bool {
	branch, event, status := q.Get("branch"), q.Get("event"), q.Get("status")
	return (branch == "" || r.Branch == branch) && (event == "" || r.Event == event) && (status == "" || r.Status == status || r.Conclusion == status)
}

func timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
