package fake

import (
	"fmt"
	"strings"
)

// The forms of REST's answers: what the schemas require, no more.

func (c *call) api(format string, args ...any) string {
	return fmt.Sprintf("http://"+c.r.Host+v3+"/repos/"+c.repo.Name+format, args...)
}

func (c *call) html(format string, args ...any) string {
	return fmt.Sprintf("http://"+c.r.Host+"/"+c.repo.Name+format, args...)
}

func (c *call) userRow(login string) map[string]any {
	base := "http://" + c.r.Host + v3 + "/users/" + login
	kind := "User"
	if strings.HasSuffix(login, "[bot]") {
		kind = "Bot"
	}
	u := map[string]any{
		"login": login, "id": 41898282, "node_id": "U_1", "gravatar_id": "", "type": kind, "site_admin": false,
		"avatar_url": base + "/avatar", "url": base, "html_url": "http://" + c.r.Host + "/" + login,
	}
	for _, name := range []string{"events", "followers", "following", "gists", "organizations", "received_events", "repos", "starred", "subscriptions"} {
		u[name+"_url"] = base + "/" + name
	}
	return u
}

func (c *call) checkRow(r *CheckRun) map[string]any {
	at := timestamp(r.Time)
	return map[string]any{
		"id": r.ID, "node_id": "CR_1", "head_sha": r.Head, "name": r.Name, "external_id": r.ExternalID,
		"url": c.api("/check-runs/%d", r.ID), "html_url": c.html("/runs/%d", r.ID), "details_url": c.html("/runs/%d", r.ID),
		"status": r.Status, "conclusion": r.Conclusion, "started_at": at, "completed_at": at,
		"check_suite": map[string]any{"id": 1}, "app": nil, "pull_requests": []any{},
		"output": map[string]any{
			"title": r.Title, "summary": r.Summary, "text": nil,
			"annotations_count": len(r.Annotations), "annotations_url": c.api("/check-runs/%d/annotations", r.ID),
		},
	}
}

func (c *call) commentRow(m *Comment) map[string]any {
	return map[string]any{
		"id": m.ID, "node_id": "IC_1", "body": m.Body, "user": c.userRow(m.Author), "author_association": "NONE",
		"url": c.api("/issues/comments/%d", m.ID), "html_url": c.html("/pull/%d#issuecomment-%d", m.Issue, m.ID),
		"issue_url": c.api("/issues/%d", m.Issue), "created_at": timestamp(m.Time), "updated_at": timestamp(m.Time),
	}
}

func (c *call) reviewCommentRow(m *ReviewComment) map[string]any {
	url, page, pull := c.api("/pulls/comments/%d", m.ID), c.html("/pull/%d#discussion_r%d", m.Pull, m.ID), c.api("/pulls/%d", m.Pull)
	link := func(to string) map[string]any { return map[string]any{"href": to} }
	return map[string]any{
		"id": m.ID, "node_id": "PRRC_1", "pull_request_review_id": 1, "url": url, "html_url": page, "pull_request_url": pull,
		"diff_hunk": "@@", "path": m.Path, "line": m.Line, "side": "RIGHT", "commit_id": m.Commit, "original_commit_id": m.Commit,
		"user": c.userRow(m.Author), "body": m.Body, "author_association": "NONE",
		"created_at": timestamp(m.Time), "updated_at": timestamp(m.Time),
		"_links": map[string]any{"self": link(url), "html": link(page), "pull_request": link(pull)},
	}
}

func (c *call) issueRow(i *Issue) map[string]any {
	url := c.api("/issues/%d", i.Number)
	labels := []any{}
	for _, name := range i.Labels {
		labels = append(labels, map[string]any{"name": name})
	}
	state, closed := strings.ToLower(i.State), any(nil)
	if state != "open" {
		closed = timestamp(i.Time)
	}
	return map[string]any{
		"id": int64(i.Number), "node_id": "I_1", "number": i.Number, "title": i.Title, "body": i.Body, "state": state, "locked": i.Locked,
		"user": c.userRow(i.Author), "labels": labels, "assignee": nil, "milestone": nil, "comments": 0,
		"url": url, "html_url": c.html("/issues/%d", i.Number), "repository_url": c.api(""), "labels_url": url + "/labels{/name}",
		"comments_url": url + "/comments", "events_url": url + "/events",
		"created_at": timestamp(i.Time), "updated_at": timestamp(i.Time), "closed_at": closed,
	}
}

func (c *call) fileRow(f ChangedFile, head string) map[string]any {
	oid := c.repo.tree(head)[f.Path]
	if oid == "" {
		oid = strings.Repeat("0", 40)
	}
	row := map[string]any{
		"sha": oid, "filename": f.Path, "status": f.Status, "additions": 1, "deletions": 1, "changes": 2,
		"blob_url": c.html("/blob/%s/%s", head, f.Path), "raw_url": c.html("/raw/%s/%s", head, f.Path),
		"contents_url": c.api("/contents/%s?ref=%s", f.Path, head),
	}
	if f.Previous != "" {
		row["previous_filename"] = f.Previous
	}
	return row
}

func (c *call) commitRow(oid string) map[string]any {
	url := c.api("/commits/%s", oid)
	parents := []any{}
	if have := c.repo.commits[oid]; have != nil {
		for _, p := range have.parents {
			parents = append(parents, map[string]any{"sha": p, "url": c.api("/commits/%s", p)})
		}
	}
	return map[string]any{
		"sha": oid, "node_id": "C_1", "url": url, "html_url": c.html("/commit/%s", oid), "comments_url": url + "/comments",
		"author": nil, "committer": nil, "parents": parents,
		"commit": map[string]any{
			"url": url, "author": nil, "committer": nil, "message": "A change", "comment_count": 0,
			"tree": map[string]any{"sha": oid, "url": url},
		},
	}
}

func (c *call) workflowRow(w Workflow) map[string]any {
	path, name := ".github/workflows/"+w.File, w.Name
	if name == "" {
		name = path
	}
	at := timestamp(c.github.now())
	return map[string]any{
		"id": 1, "node_id": "W_1", "name": name, "path": path, "state": w.State, "created_at": at, "updated_at": at,
		"url": c.api("/actions/workflows/1"), "html_url": c.html("/blob/%s/%s", c.repo.DefaultBranch, path),
		"badge_url": c.html("/workflows/%s/badge.svg", name),
	}
}

func (c *call) runRow(file string, r Run) map[string]any {
	id := int64(9_000_000_000 + r.Number)
	url := c.api("/actions/runs/%d", id)
	var conclusion any
	if r.Conclusion != "" {
		conclusion = r.Conclusion
	}
	row := map[string]any{
		"id": id, "node_id": "WFR_1", "check_suite_node_id": suiteID(file, r), "head_branch": r.Branch, "run_number": r.Number, "display_title": "Run", "event": r.Event,
		"status": r.Status, "conclusion": conclusion, "head_sha": r.Head, "path": ".github/workflows/" + file, "workflow_id": 1,
		"url": url, "html_url": c.html("/actions/runs/%d", id), "created_at": timestamp(r.Time), "updated_at": timestamp(r.Time),
		"head_commit": nil, "head_repository": c.repositoryRow(), "repository": c.repositoryRow(), "pull_requests": []any{},
	}
	if !r.Again.IsZero() {
		row["run_started_at"] = timestamp(r.Again)
	}
	for _, name := range []string{"jobs", "logs", "check_suite", "cancel", "rerun", "artifacts", "workflow"} {
		row[name+"_url"] = url + "/" + name
	}
	return row
}

func (c *call) repositoryRow() map[string]any {
	owner, name, _ := strings.Cut(c.repo.Name, "/")
	url := c.api("")
	row := map[string]any{
		"id": 1, "node_id": "R_1", "name": name, "full_name": c.repo.Name, "owner": c.userRow(owner), "private": false,
		"html_url": c.html(""), "description": nil, "fork": false, "url": url,
	}
	for _, part := range []string{
		"archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare", "contents", "contributors",
		"deployments", "downloads", "events", "forks", "git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events",
		"issues", "keys", "labels", "languages", "merges", "milestones", "notifications", "pulls", "releases", "stargazers", "statuses",
		"subscribers", "subscription", "tags", "teams", "trees",
	} {
		row[part+"_url"] = url + "/" + part
	}
	return row
}
