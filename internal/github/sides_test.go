package github_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/github"
)

// texts reads the board on both sides.
func texts(t *testing.T, s *scene, sides github.Sides) [2]string {
	t.Helper()
	var out [2]string
	for i, side := range []github.Side{sides.Base, sides.Head} {
		f, ok := side.Files[board]
		if !ok {
			out[i] = "(none)"
			continue
		}
		text, err := s.client.Text(context.Background(), f)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = string(text)
	}
	return out
}

func TestMergeCommitAgainstItsFirstParent(t *testing.T) {
	s := start(t)
	q := s.pull()
	sides, err := s.client.Sides(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if sides.How != github.MergeCommit || sides.Head.Commit != q.Merge || sides.Base.Commit != q.Base || sides.Tip.Commit != q.Head {
		t.Errorf("compared %s %s with %s, tip %s", sides.How, sides.Head.Commit, sides.Base.Commit, sides.Tip.Commit)
	}
	if diff := cmp.Diff([2]string{before, after}, texts(t, s, sides)); diff != "" {
		t.Error(diff)
	}
	if _, there := sides.Head.Files[config]; there {
		t.Error("a configuration that is not there was found")
	}
	if sides.Pull.Base == "" || sides.Pull.BaseRef != "main" || sides.DefaultBranch != "main" || sides.Pull.Conflict {
		t.Errorf("pull %+v, default branch %q", sides.Pull, sides.DefaultBranch)
	}
	s.requests("Sides")
}

// The base branch moved on: what would land stands on its new head, and the
// event's base commit is of no interest.
func TestStaleBase(t *testing.T) {
	s := start(t)
	q := s.pull()
	moved := s.repo.Commit(map[string]string{board: before, "README.md": "hello", "new": "x"}, q.Base)
	s.repo.Push("main", moved)
	q.Merge = s.repo.MergeFiles(moved, q.Head)
	sides, err := s.client.Sides(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if sides.Base.Commit != moved {
		t.Errorf("base %s, want %s", sides.Base.Commit, moved)
	}
}

// TestWhatLands spoils the test merge, the event's and GitHub's own, and the branch that it merges into.
func TestWhatLands(t *testing.T) {
	other := func(s *scene, q *github.Question) string {
		return s.repo.MergeFiles(q.Base, s.repo.Commit(map[string]string{"x": "y"}, q.Base))
	}
	own := func(s *scene, merge string) {
		i, _ := s.repo.Issue(5)
		i.Pull.Merge = merge
	}
	aside := func(s *scene, q *github.Question) string {
		return s.repo.Commit(map[string]string{board: before, "README.md": "hello", "aside": "x"}, q.Base)
	}
	into := func(s *scene, branch, commit string) {
		s.repo.Push(branch, commit)
		i, _ := s.repo.Issue(5)
		i.Pull.BaseRef = branch
	}
	const compares, files = "GET/compare/", "Files"
	tests := []struct {
		name   string
		spoil  func(*scene, *github.Question)
		how    github.How
		behind int
		asks   []string // beside the first query
	}{
		{"the event's", func(*scene, *github.Question) {}, github.MergeCommit, 0, nil},
		{"target asks for the test merge", func(_ *scene, q *github.Question) { q.Merge = "" }, github.MergeCommit, 0, nil},
		{"merge commit collected", func(_ *scene, q *github.Question) { q.Merge = strings.Repeat("d", 40) }, github.MergeCommit, 0, []string{files}},
		{"merge commit of another head", func(s *scene, q *github.Question) { q.Merge = other(s, q) }, github.MergeCommit, 0, []string{files}},
		{"both of another head", func(s *scene, q *github.Question) { q.Merge = other(s, q); own(s, q.Merge) }, github.MergeBase, 0, []string{compares, files}},
		{"merge is not a merge", func(s *scene, q *github.Question) { q.Merge = q.Head; own(s, "") }, github.MergeBase, 0, []string{compares, files}},
		{"test merge not made yet", func(s *scene, q *github.Question) { q.Merge = ""; own(s, "") }, github.MergeBase, 0, []string{compares, files}},
		{"test merge came in part", func(s *scene, q *github.Question) {
			q.Merge = ""
			s.hub.Fail(fake.Fault{Route: "query Sides", Times: 1, Null: []string{"repository", "pullRequest", "potentialMergeCommit", "f1"}, Message: "timeout"})
		}, github.MergeBase, 0, []string{compares, files}},
		{"the branch moved on", func(s *scene, q *github.Question) {
			s.repo.Push("main", s.repo.Commit(map[string]string{board: before, "b": "b"}, aside(s, q)))
		}, github.MergeCommit, 2, []string{compares}},
		{"the branch was rewound", func(s *scene, q *github.Question) {
			q.Merge = s.repo.MergeFiles(aside(s, q), q.Head)
			own(s, q.Merge)
		}, github.MergeBase, 0, []string{compares, compares, files}},
		{"the base was changed", func(s *scene, q *github.Question) {
			helper := aside(s, q)
			q.Merge = s.repo.MergeFiles(helper, q.Head)
			s.repo.Push("helper", helper)
		}, github.MergeCommit, 0, []string{compares, files}},
		{"the base was changed, and both are into the old one", func(s *scene, q *github.Question) {
			into(s, "release", aside(s, q))
			q.Merge = s.repo.MergeFiles(s.repo.Commit(map[string]string{board: before, "c": "c"}, q.Base), q.Head)
			own(s, q.Merge)
		}, github.MergeBase, 0, []string{compares, compares, files}},
		{"into a branch with nothing in common, and GitHub's own is right", func(s *scene, q *github.Question) {
			q.Merge = s.repo.MergeFiles(s.repo.Commit(map[string]string{board: before}), q.Head)
		}, github.MergeCommit, 0, []string{compares, files}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t)
			q := s.pull()
			tt.spoil(s, &q)
			sides, err := s.client.Sides(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			if sides.How != tt.how || sides.Behind != tt.behind {
				t.Errorf("how %q, %d behind; want %q, %d", sides.How, sides.Behind, tt.how, tt.behind)
			}
			if diff := cmp.Diff([2]string{before, after}, texts(t, s, sides)); diff != "" {
				t.Error(diff)
			}
			var asked []string
			for _, x := range s.hub.Conversation() {
				name := brief(x)
				if strings.HasPrefix(name, compares) {
					name = compares
				}
				asked = append(asked, name)
			}
			if diff := cmp.Diff(append([]string{"Sides"}, tt.asks...), asked); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNothingLands is what could not be found out.
func TestNothingLands(t *testing.T) {
	for name, spoil := range map[string]func(*scene, github.Question){
		"the base branch is gone": func(s *scene, _ github.Question) {
			i, _ := s.repo.Issue(5)
			i.Pull.BaseRef = "gone"
		},
		"nothing in common": func(s *scene, _ github.Question) {
			s.repo.Push("main", s.repo.Commit(map[string]string{board: before}))
		},
		"comparing fails": func(s *scene, q github.Question) {
			s.repo.Push("main", s.repo.Commit(map[string]string{board: before}, q.Base))
			s.hub.Fail(fake.Fault{Route: "GET /repos/{owner}/{repo}/compare/{basehead}", Status: 500, Message: "Server Error"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			q := s.pull()
			spoil(s, q)
			if sides, err := s.client.Sides(context.Background(), q); err == nil {
				t.Errorf("got %+v", sides)
			}
		})
	}
}

func TestAsGiven(t *testing.T) {
	s := start(t)
	q := s.pull()
	q.Pull, q.Merge = 0, ""
	sides, err := s.client.Sides(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if sides.How != github.AsGiven || sides.Pull.Base != "" {
		t.Errorf("how %q, pull %+v", sides.How, sides.Pull)
	}
	if diff := cmp.Diff([2]string{before, after}, texts(t, s, sides)); diff != "" {
		t.Error(diff)
	}
	q.Base = ""
	if sides, err = s.client.Sides(context.Background(), q); err != nil || sides.Base.Commit != "" {
		t.Errorf("a new branch: base %q, %v", sides.Base.Commit, err)
	}
}

func TestSidesRefused(t *testing.T) {
	null := func(kind string, path ...string) fake.Fault {
		return fake.Fault{Route: "query Sides", Null: path, Type: kind, Message: "no"}
	}
	tests := []struct {
		name  string
		spoil func(*scene, *github.Question)
		kind  github.Kind
		lines []string
	}{
		{"no such repository", func(_ *scene, q *github.Question) { q.Repo = "acme/other" }, github.NotFound, []string{"contents: read"}},
		{"head deleted", func(_ *scene, q *github.Question) { q.Head = strings.Repeat("e", 40) }, github.NotFound, nil},
		{"contents not granted", func(s *scene, _ *github.Question) { s.hub.Grant(map[string]string{"pull_requests": "read"}) }, github.Forbidden, []string{"contents: read"}},
		{"file of the head missing", func(s *scene, _ *github.Question) { s.hub.Fail(null("", "repository", "head", "f1")) }, github.Unavailable, nil},
		{"bad token", func(s *scene, _ *github.Question) { s.hub.RequireToken("another") }, github.Unauthorized, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t)
			q := s.pull()
			tt.spoil(s, &q)
			_, err := s.client.Sides(context.Background(), q)
			if github.KindOf(err) != tt.kind {
				t.Errorf("error %v, want one that is %s", err, tt.kind)
			}
			if diff := cmp.Diff(tt.lines, github.Permissions(err)); diff != "" {
				t.Errorf("permissions (-want +got):\n%s", diff)
			}
		})
	}
}

// Without the right to read pull requests nobody knows what this one goes into.
func TestPullForbidden(t *testing.T) {
	s := start(t)
	q := s.pull()
	s.hub.Grant(map[string]string{"contents": "read"})
	_, err := s.client.Sides(context.Background(), q)
	if github.KindOf(err) != github.Forbidden {
		t.Errorf("error %v, want one that is forbidden", err)
	}
	if diff := cmp.Diff([]string{"pull-requests: read"}, github.Permissions(err)); diff != "" {
		t.Error(diff)
	}
}

func TestTexts(t *testing.T) {
	big := strings.Repeat("- a line of a very long board\n", 50_000)
	tests := []struct {
		name, text string
		requests   int
	}{
		{"plain", before, 1},
		{"empty", "", 1},
		{"carriage returns", "a\r\nb\r\n", 1},
		{"byte order mark", "\ufeff## WIP\n", 1},
		{"over a megabyte", big, 2},
		{"no UTF-8", "caf\xe9\n", 2},
		{"a zero byte", "a\x00b", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t)
			head := s.repo.Commit(map[string]string{board: tt.text})
			sides, err := s.client.Sides(context.Background(), github.Question{Repo: repo, Head: head, Paths: []string{board}})
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.client.Text(context.Background(), sides.Head.Files[board])
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.text {
				t.Errorf("%d bytes came, want the %d that were put there", len(got), len(tt.text))
			}
			if s.client.Requests() != tt.requests {
				t.Errorf("%d requests, want %d", s.client.Requests(), tt.requests)
			}
		})
	}
}

func TestABlobThatIsAnother(t *testing.T) {
	for name, body := range map[string]string{
		"another text": `{"content":"YQo=","encoding":"base64","size":2}`,
		"no base64":    `{"content":"%%%","encoding":"base64","size":2}`,
	} {
		s := wild(t)
		head := s.repo.Commit(map[string]string{board: "a\x00b"})
		s.hub.Fail(fake.Fault{Route: "GET /repos/{owner}/{repo}/git/blobs/{file_sha}", Body: body})
		sides, err := s.client.Sides(context.Background(), github.Question{Repo: repo, Head: head, Paths: []string{board}})
		if err != nil {
			t.Fatal(err)
		}
		if text, err := s.client.Text(context.Background(), sides.Head.Files[board]); github.KindOf(err) != github.Unavailable {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

func TestTooLarge(t *testing.T) {
	s := start(t)
	head := s.repo.Commit(map[string]string{board: strings.Repeat("x", github.MaxFile+1)})
	sides, err := s.client.Sides(context.Background(), github.Question{Repo: repo, Head: head, Paths: []string{board}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.Text(context.Background(), sides.Head.Files[board]); github.KindOf(err) != github.Refused {
		t.Errorf("error %v, want a refusal", err)
	}
}

func TestNoFiles(t *testing.T) {
	s := start(t)
	head := s.repo.Commit(map[string]string{board + "/inner.md": "x", config: "target", "NEXT.md": "x", "BOARD.md": "x"})
	s.repo.Link(head, config)
	s.repo.Submodule(head, "NEXT.md")
	sides, err := s.client.Sides(context.Background(), github.Question{Repo: repo, Head: head, Paths: []string{board, config, "NEXT.md", "BOARD.md", "nope.md"}})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]github.Entry{board: github.Directory, config: github.Link, "NEXT.md": github.Submodule, "BOARD.md": github.Regular} {
		if f, there := sides.Head.Files[path]; !there || f.Kind != want {
			t.Errorf("%s came as %+v (%t), want %o", path, f, there, want)
		}
	}
	if f, there := sides.Head.Files["nope.md"]; there {
		t.Errorf("what is not there came as %+v", f)
	}
}

func TestAlso(t *testing.T) {
	s := start(t)
	q := s.pull()
	moved := s.repo.Commit(map[string]string{board: before + "more\n", "README.md": "hello"}, q.Base)
	s.repo.Push("main", moved)
	q.Merge = s.repo.Commit(map[string]string{board: after + "more\n", "README.md": "hello"}, moved, q.Head)
	q.Paths = []string{config}
	ctx := context.Background()
	sides, err := s.client.Sides(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if sides, err = s.client.FetchMore(ctx, repo, sides, []string{board, "docs/gone.md"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([2]string{before + "more\n", after + "more\n"}, texts(t, s, sides)); diff != "" {
		t.Error(diff)
	}
	if text, err := s.client.Text(ctx, sides.Tip.Files[board]); err != nil || string(text) != after {
		t.Errorf("the tip's board is %q, %v", text, err)
	}
	s.requests("Sides", "Files")
}

func TestAlsoRefused(t *testing.T) {
	for name, f := range map[string]fake.Fault{
		"partial": {Null: []string{"repository", "c0", "f0"}, Message: "timeout"},
		"null":    {Body: `{"data":{"repository":{"c0":null}}}`},
		"none":    {Body: `{"data":{"repository":null},"errors":[{"type":"NOT_FOUND","path":["repository"],"message":"no"}]}`},
		"502":     {Status: 502},
	} {
		t.Run(name, func(t *testing.T) {
			s := wild(t)
			q := s.pull()
			sides, err := s.client.Sides(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			f.Route = "query Files"
			s.hub.Fail(f)
			if _, err := s.client.FetchMore(context.Background(), repo, sides, []string{"README.md"}); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestRenamed(t *testing.T) {
	s := start(t)
	base := s.repo.Commit(map[string]string{board: before})
	s.repo.Push("main", base)
	head := s.repo.Commit(map[string]string{"docs/BOARD.md": before}, base)
	s.repo.OpenPull(5, "Rename", head)
	ctx := context.Background()
	if to, err := s.client.RenamedTo(ctx, repo, 5, board); to != "docs/BOARD.md" || err != nil {
		t.Errorf("renamed to %q, %v", to, err)
	}
	if to, err := s.client.RenamedBetween(ctx, repo, base, head, board); to != "docs/BOARD.md" || err != nil {
		t.Errorf("renamed between to %q, %v", to, err)
	}
	if to, err := s.client.RenamedTo(ctx, repo, 5, "other.md"); to != "" || err != nil {
		t.Errorf("another file was renamed to %q, %v", to, err)
	}
}

func TestRenamedInThousandsOfFiles(t *testing.T) {
	s := start(t)
	q := s.pull()
	i, _ := s.repo.Issue(5)
	for n := range 3000 {
		i.Pull.Files = append(i.Pull.Files, fake.ChangedFile{Path: "f" + strings.Repeat("x", n%7), Status: "modified"})
	}
	if _, err := s.client.RenamedTo(context.Background(), repo, 5, board); github.KindOf(err) != github.Refused {
		t.Errorf("a list that is cut off: %v, want a refusal", err)
	}
	if n := len(s.hub.Conversation()); n != 30 {
		t.Errorf("%d requests for 3,000 files, want 30", n)
	}
	i.Pull.Files[2999] = fake.ChangedFile{Path: "docs/B.md", Previous: board, Status: "renamed"}
	if to, err := s.client.RenamedTo(context.Background(), repo, 5, board); to != "docs/B.md" || err != nil {
		t.Errorf("renamed to %q, %v", to, err)
	}
	_ = q
}
