package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/contract"
)

// noon is when the stories of the action are played.
var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

// hub is the GitHub of one story.
type hub struct {
	*fake.GitHub
	server  *httptest.Server
	repo    *fake.Repo
	commits map[string]string // by the story's names for them
	pulls   []int
	runs    int                   // made so far by the command scheduled
	smoke   map[string][]fake.Run // the same by workflow file, the newest first

	mu       sync.Mutex
	breaches []string // what was not as GitHub describes it
	broken   bool     // an answer is broken on purpose
}

func (h *hub) complain(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.breaches = append(h.breaches, what)
}

type hubKey struct{}

func hubOf(ts *testscript.TestScript) *hub {
	h, ok := ts.Value(hubKey{}).(**hub)
	if !ok || *h == nil {
		ts.Fatalf("there is no GitHub yet: github FILE starts one")
	}
	return *h
}

// github starts the GitHub that a file describes, a line each:
//
//	commit NAME FOLDER [PARENT...]    a commit of the files in a folder of the story, none for "-"
//	branch NAME COMMIT
//	pull NUMBER HEAD                  an open pull request into main, merged for testing
//	retarget NUMBER BRANCH            its base becomes another branch; the test merge stays as it was
//	merged NUMBER [BRANCH [COMMIT]]   one that was merged, as that commit
//	closed NUMBER                     one that was closed unmerged
//	issue NUMBER
//	incident NUMBER FACT SINCE [KEY [UPDATED]]  the open issue that tells of a production that is not well
//	close NUMBER                      an issue; reopen NUMBER too
//	retitle NUMBER TITLE              somebody gives it another title
//	transfer NUMBER                   an issue moves to another repository
//	unlabel NUMBER                    it loses its labels
//	author NUMBER LOGIN               somebody else wrote it
//	later NUMBER                      a later version of boardgate wrote it
//	quoted NUMBER FACT SINCE          an issue of another workflow that quotes such a one
//	test-merge NUMBER COMMIT          the merge commit of a pull request
//	renamed NUMBER FROM TO            a file that it renames
//	forget head|base                  that commit is gone
//	unmergeable NUMBER                the pull request has no merge commit
//	link COMMIT PATH                  a symbolic link; link-merge NUMBER PATH in a merge commit
//	submodule NUMBER PATH             a submodule in the merge commit of a pull request
//	comment NUMBER AUTHOR TEXT
//	comments NUMBER AUTHOR COUNT      so many of them
//	reviews NUMBER AUTHOR COUNT PATH  so many comments on the first line of a file
//	locked NUMBER                     nobody may comment
//	files NUMBER COUNT                its list of changed files is so long
//	readonly                          the token only reads
//	grant SCOPE LEVEL...              what the token may do
//	token TEXT                        the only good one
//	merge NAME BASE HEAD              the merge commit of two
//	fault KEY=VALUE...                a request fails
//	heal                              no request fails any more
//	runs FILE EVENT:BRANCH:CONCLUSION:MINUTES-AGO[:WHAT-FAILED...]...   of a workflow, the newest first; one without conclusion is under way
//	workflow FILE STATE [NAME...]     a workflow as GitHub lists it; without a name it is listed by its path
//
// "github says FILE" writes down what was said so far, since "github forget-talk".
func github(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: github DESCRIPTION | github says FILE")
	}
	if args[0] == "forget-talk" {
		hubOf(ts).Forget()
		return
	}
	if args[0] == "says" {
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(conversation(hubOf(ts))), 0o644))
		return
	}
	slot := ts.Value(hubKey{}).(**hub)
	if *slot == nil {
		*slot = startHub(ts)
	}
	lines := bufio.NewScanner(strings.NewReader(ts.ReadFile(args[0])))
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			(*slot).set(ts, words[0], words[1:], lines.Text())
		}
	}
}

func startHub(ts *testscript.TestScript) *hub {
	h := &hub{GitHub: fake.New(func() time.Time { return noon }), commits: map[string]string{}, smoke: map[string][]fake.Run{}}
	h.repo = h.Repo("acme/shop")
	handler, err := contract.Handler(h.GitHub, h.complain)
	ts.Check(err)
	h.server = httptest.NewServer(handler)
	ts.Defer(func() {
		h.server.Close()
		if len(h.breaches) > 0 && !h.broken {
			ts.Fatalf("not as GitHub describes it:\n%s", strings.Join(h.breaches, "\n"))
		}
	})
	return h
}

func (h *hub) set(ts *testscript.TestScript, verb string, words []string, line string) {
	need := func(n int) {
		if len(words) < n {
			ts.Fatalf("github: %q wants %d words", line, n)
		}
	}
	number := func() int {
		need(1)
		n, err := strconv.Atoi(words[0])
		ts.Check(err)
		return n
	}
	switch verb {
	case "commit":
		need(2)
		h.commits[words[0]] = h.repo.Commit(folder(ts, words[1]), h.named(words[2:])...)
	case "merge":
		need(3)
		h.commits[words[0]] = h.repo.MergeFiles(h.commits[words[1]], h.commits[words[2]])
	case "branch":
		need(2)
		h.repo.Push(words[0], h.commits[words[1]])
	case "pull":
		need(2)
		h.repo.OpenPull(number(), "A change", h.commits[words[1]])
		h.pulls = append(h.pulls, number())
	case "retarget":
		need(2)
		i, _ := h.repo.Issue(number())
		i.Pull.BaseRef = words[1]
		h.repo.SetIssue(i)
	case "merged":
		h.repo.MergedPull(number(), strings.Join(append(words[1:], "main")[:1], ""))
		if len(words) > 2 {
			i, _ := h.repo.Issue(number())
			i.Pull.MergedAs = h.commits[words[2]]
		}
	case "closed":
		h.repo.SetIssue(fake.Issue{Number: number(), Title: "Given up", Author: "mona", State: "CLOSED", Pull: &fake.Pull{BaseRef: "main"}})
	case "issue":
		h.repo.SetIssue(fake.Issue{Number: number(), Title: "A wish", Author: "mona", State: "OPEN"})
	case "incident":
		need(3)
		key, updated := "prod-smoke", noon.Add(-time.Hour).Format(time.RFC3339)
		if len(words) > 3 {
			key = words[3]
		}
		if len(words) > 4 {
			updated = words[4]
		}
		body := fmt.Sprintf(`<!-- boardgate incident key=%s name= {"at":%q,"since":%q,"set":[%q]} -->`, key, updated, words[2], words[1])
		h.repo.SetIssue(fake.Issue{Number: number(), Title: "Production: " + words[1], Body: body, Author: fake.Viewer, State: "OPEN", Labels: []string{key}})
	case "later":
		i, _ := h.repo.Issue(number())
		i.Body = strings.Replace(i.Body, "{", `{"v":9,`, 1)
		h.repo.SetIssue(i)
	case "quoted":
		need(3)
		body := fmt.Sprintf("A wish of mona's:\n"+`<!-- boardgate incident key=prod-smoke name= {"since":%q,"set":[%q]} -->`, words[2], words[1])
		h.repo.SetIssue(fake.Issue{Number: number(), Title: "A wish", Body: body, Author: fake.Viewer, State: "OPEN", Labels: []string{"prod-smoke"}})
	case "close", "reopen":
		i, _ := h.repo.Issue(number())
		i.State = map[string]string{"close": "CLOSED", "reopen": "OPEN"}[verb]
		h.repo.SetIssue(i)
	case "retitle":
		need(2)
		i, _ := h.repo.Issue(number())
		i.Title = strings.Join(words[1:], " ")
		h.repo.SetIssue(i)
	case "transfer":
		h.repo.RemoveIssue(number())
	case "unlabel":
		i, _ := h.repo.Issue(number())
		i.Labels = nil
		h.repo.SetIssue(i)
	case "author":
		need(2)
		i, _ := h.repo.Issue(number())
		i.Author = words[1]
		h.repo.SetIssue(i)
	case "unmergeable":
		i, _ := h.repo.Issue(number())
		i.Pull.Merge, i.Pull.Conflict = "", true
		h.repo.SetIssue(i)
	case "test-merge":
		need(2)
		i, _ := h.repo.Issue(number())
		i.Pull.Merge = h.commits[words[1]]
		h.repo.SetIssue(i)
	case "link-merge":
		need(2)
		i, _ := h.repo.Issue(number())
		h.repo.Link(i.Pull.Merge, words[1])
	case "submodule":
		need(2)
		i, _ := h.repo.Issue(number())
		h.repo.Submodule(i.Pull.Merge, words[1])
	case "renamed":
		need(3)
		i, _ := h.repo.Issue(number())
		i.Pull.Files = append(i.Pull.Files, fake.ChangedFile{Path: words[2], Previous: words[1], Status: "renamed"})
		h.repo.SetIssue(i)
	case "forget":
		need(1) // head or base, as the query calls them
		h.fail(ts, "fault route='query Sides' null=repository."+words[0]+" type=NOT_FOUND message='Could not resolve to a node.'")
		h.broken = false
	case "comments":
		need(3)
		count, err := strconv.Atoi(words[2])
		ts.Check(err)
		for range count {
			h.repo.AddComment(number(), words[1], "Looks good.")
		}
	case "reviews":
		need(4)
		count, err := strconv.Atoi(words[2])
		ts.Check(err)
		for range count {
			h.repo.AddReviewComment(number(), words[1], words[3], 1, "Why?")
		}
	case "locked":
		i, _ := h.repo.Issue(number())
		i.Locked = true
		h.repo.SetIssue(i)
	case "files":
		need(2)
		h.manyFiles(ts, number(), words[1])
	case "link":
		need(2)
		h.repo.Link(h.commits[words[0]], words[1])
	case "comment":
		need(3)
		h.repo.AddComment(number(), words[1], strings.Join(words[2:], " "))
	case "readonly":
		h.ReadOnly()
	case "grant":
		h.Grant(pairs(words))
	case "token":
		need(1)
		h.RequireToken(words[0])
	case "fault":
		h.fail(ts, line)
	case "heal":
		h.Heal()
	case "runs":
		need(1)
		h.repo.SetRuns(words[0], workflowRuns(ts, words[1:])...)
	case "workflow":
		need(2)
		h.repo.SetWorkflow(fake.Workflow{File: words[0], State: words[1], Name: strings.Join(words[2:], " ")})
	default:
		ts.Fatalf("github: %q is nothing it knows", line)
	}
}

func (h *hub) named(names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, h.commits[n])
	}
	return out
}

// manyFiles makes the list of a pull request's files as long as wanted.
func (h *hub) manyFiles(ts *testscript.TestScript, number int, count string) {
	n, err := strconv.Atoi(count)
	ts.Check(err)
	i, _ := h.repo.Issue(number)
	for f := range n {
		i.Pull.Files = append(i.Pull.Files, fake.ChangedFile{Path: fmt.Sprintf("src/%04d.go", f), Status: "added"})
	}
	h.repo.SetIssue(i)
}

// workflowRuns reads the runs of a workflow, the newest of which has the highest number.
func workflowRuns(ts *testscript.TestScript, words []string) []fake.Run {
	var out []fake.Run
	for i, w := range words {
		parts := strings.Split(w, ":")
		if len(parts) < 4 {
			ts.Fatalf("github: %q is not an EVENT:BRANCH:CONCLUSION:MINUTES-AGO[:WHAT-FAILED...]", w)
		}
		ago, err := strconv.Atoi(parts[3])
		ts.Check(err)
		one := fake.Run{
			Number: len(words) - i, Event: parts[0], Branch: parts[1], Head: strings.Repeat("0", 40), Status: "completed",
			Conclusion: parts[2], Time: noon.Add(-time.Duration(ago) * time.Minute),
		}
		for _, failed := range parts[4:] {
			one.Failures = append(one.Failures, "boardgate: "+failed)
		}
		if one.Conclusion == "" {
			one.Status = "in_progress"
		}
		out = append(out, one)
	}
	return out
}

func pairs(words []string) map[string]string {
	out := map[string]string{}
	for _, w := range words {
		k, v, _ := strings.Cut(w, "=")
		out[k] = v
	}
	return out
}

// faultWord is KEY=VALUE or KEY='VALUE WITH SPACES'.
var faultWord = regexp.MustCompile(`([a-z]+)=('[^']*'|\S+)`)

func (h *hub) fail(ts *testscript.TestScript, line string) {
	f := fake.Fault{Header: map[string]string{}}
	for _, m := range faultWord.FindAllStringSubmatch(line, -1) {
		value := strings.Trim(m[2], "'")
		number, _ := strconv.Atoi(value)
		switch m[1] {
		case "route":
			f.Route = value
		case "status":
			f.Status = number
		case "message":
			f.Message = value
		case "body":
			f.Body = value
		case "times":
			f.Times = number
		case "skip":
			f.Skip = number
		case "null":
			f.Null = strings.Split(value, ".")
		case "type":
			f.Type = value
		case "reset":
			f.Reset = true
		case "accepted":
			f.Header["X-Accepted-GitHub-Permissions"] = value
		default:
			ts.Fatalf("github: %q is not a part of a fault", m[1])
		}
	}
	h.broken = true
	h.Fail(f)
}

// folder returns the files of a folder of the story, none for "-".
func folder(ts *testscript.TestScript, name string) map[string]string {
	files := map[string]string{"README.md": "A shop.\n"}
	if name == "-" {
		return files
	}
	root := ts.MkAbs(name)
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		inside, _ := filepath.Rel(root, path)
		files[filepath.ToSlash(inside)] = string(text)
		return err
	}))
	return files
}

var queryText = regexp.MustCompile(`(?s)query (\w+)\(.*?\n}\n(fragment .*?\n}\n)*`)

// conversation writes down what was said. A query's text is cut to its name: it
// is held to GitHub's schema as it is made, and written out where the client is tested.
func conversation(h *hub) string {
	text := fake.Transcript(h.Conversation())
	text = queryText.ReplaceAllString(text, "query $1\n")
	for name, oid := range h.commits {
		text = strings.ReplaceAll(text, oid, "<"+name+">")
	}
	for _, number := range h.pulls {
		if i, ok := h.repo.Issue(number); ok && i.Pull != nil && i.Pull.Merge != "" {
			text = strings.ReplaceAll(text, i.Pull.Merge, fmt.Sprintf("<merge of %d>", number))
		}
	}
	return strings.ReplaceAll(text, h.server.URL, "https://ghe.example")
}

// sortedNames returns the names of a map in their order.
func sortedNames[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
