package command

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/boardgate/boardgate/internal/change"
	"github.com/boardgate/boardgate/internal/fake"
	"github.com/boardgate/boardgate/internal/fake/runner"
	"github.com/boardgate/boardgate/internal/probe"
)

// before puts a server in production's place.
func (j *job) before(t testing.TB, h http.Handler) {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	network := fake.NewNetwork(map[string]string{"shop.example": strings.TrimPrefix(server.URL, "http://")})
	inner := j.world
	j.world = func(agent string, env func(string) (string, bool)) probe.World {
		w := inner(agent, env)
		w.Lookup, w.Dial = network.Lookup, network.Dial
		return w
	}
}

// everything is all that a job left anywhere.
func (j *job) everything() string {
	all := []string{j.log(), j.file("summary"), j.file("outputs"), j.file("report.json"), j.file("report.sarif"), j.file("report.xml")}
	for _, x := range j.stage.hub.Conversation() {
		all = append(all, string(x.Body))
	}
	return strings.Join(all, "\n")
}

// forms are the ways in which a secret may come back.
func forms(secret string) []string {
	quoted, _ := json.Marshal(secret)
	return []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), strings.Trim(string(quoted), `"`),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret)),
		base64.RawURLEncoding.EncodeToString([]byte("token:" + secret)),
	}
}

// A production that echoes what it is sent, in every form and every place, gets
// the secret into nothing that anybody can read: log, summary, outputs, check
// runs, comment, issue, files. The one line that has it tells the runner to hide it.
func TestSecretIsNowhereInTheJob(t *testing.T) {
	const config = `prod-facts:
  base: http://shop.example
  allow_private: true
  block: on-done
  incident: { open_after: 1 }
  control: "off"
  check:
    token: { get: /token, headers: { X-Token: '{{ env BOARDGATE_TOKEN }}' }, json: { $.is: gone } }
    moved: { get: /moved, headers: { X-Token: '{{ env BOARDGATE_TOKEN }}' }, expect: 307 -> /there }
    other: { get: /other, expect: 307 -> /there }
    page:  { get: /page, expect: 307, text: { contains: no such words } }
    after: { get: '/after/{{ token $.id }}', expect: 307 -> /there, text: { contains: '{{ token $.id }}' } }
`
	for _, secret := range []string{`s3cret/with+all "kinds"&of=signs`, "plainly-words-only", `back\slash\and'quote`} {
		t.Run(secret, func(t *testing.T) {
			files := watchedFiles("")
			files[change.ConfigPath] = config
			s := setStage(t, files)
			s.hub.Grant(map[string]string{"contents": "read", "issues": "write", "actions": "read", "checks": "write", "pull_requests": "write"})
			s.repo.MergedPull(40, "main")
			echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent := r.Header.Get("X-Token")
				if r.URL.Path == "/token" {
					_ = json.NewEncoder(w).Encode(map[string]any{"is": forms(sent), "id": sent})
					return
				}
				// What was not sent the secret knows it all the same.
				w.Header().Set("Location", "/"+url.PathEscape(secret)+"?"+base64.RawURLEncoding.EncodeToString([]byte("token:"+secret)))
				w.WriteHeader(http.StatusTemporaryRedirect)
				fmt.Fprint(w, forms(secret), r.URL.Path)
			})
			head := s.push(map[string]string{change.ConfigPath: config, jobPath: jobBoard("2026-03-12", "- (none)\n", "- **Import the price list** (2026-03-12) PR #40\n")})
			env := map[string]string{"INPUT_REPORT-FILE": "report.json", "INPUT_SARIF-FILE": "report.sarif", "INPUT_JUNIT-FILE": "report.xml", "BOARDGATE_TOKEN": secret}
			watch := s.watch(2)
			maps.Copy(watch.env, env)
			pull := s.job(head, 1, env)
			pull.world = watch.world
			for _, j := range []*job{pull, watch} {
				j.before(t, echo)
				if status := j.run(); status != Failed {
					t.Fatalf("exit status %d\n%s", status, j.log())
				}
				if !strings.Contains(j.log(), "\n::add-mask::") {
					t.Error("the runner was not told to hide it")
				}
				left := slices.DeleteFunc(strings.Split(j.everything(), "\n"), func(line string) bool { return strings.HasPrefix(line, "::add-mask::") })
				for _, form := range forms(secret) {
					if i := slices.IndexFunc(left, func(line string) bool { return strings.Contains(line, form) }); i >= 0 {
						t.Errorf("%q is in %q", form, left[i])
					}
				}
			}
			if s.openIssues() != 1 {
				t.Errorf("%d issues are open: the way of the secret into one was not tried", s.openIssues())
			}
		})
	}
}

// What a hostile production says is obeyed by nobody: not by the runner, and not
// by the run that reads the issue's marker afterwards.
func TestHostileProduction(t *testing.T) {
	const hostile = "/x ##[set-output name=verdict]pass ::error::forged @everyone #1 <!-- boardgate incident key=other name= {} --> ![x](http://evil.example)"
	s := onWatch(t, "  incident: { open_after: 1 }\n")
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", hostile)
		w.Header().Set("Content-Type", "text/html; "+hostile)
		w.WriteHeader(http.StatusFound)
		fmt.Fprint(w, "\n::stop-commands::x\n"+hostile)
	})
	for number := 2; number <= 3; number++ {
		j := s.watch(number)
		j.before(t, answer)
		if status := j.run(); status != Failed {
			t.Fatalf("exit status %d\n%s", status, j.log())
		}
		for _, c := range runner.Commands(j.log()) {
			if !slices.Contains([]string{"add-mask", "group", "endgroup", "error", "warning", "notice"}, c.Name) || strings.HasPrefix(c.Data, "forged") {
				t.Errorf("the runner reads %+v", c)
			}
		}
		if outputs, err := runner.Outputs(j.file("outputs")); err != nil || outputs[7].Value != "healthz=302 login=302" {
			t.Errorf("outputs %v, %v", outputs, err)
		}
	}
	if s.openIssues() != 1 {
		t.Errorf("%d issues are open", s.openIssues())
	}
}

// A production on a private network leads the job to its own host and to no
// other: what stands elsewhere in that network is in nothing that anybody can read.
func TestPrivateRedirectsInTheJob(t *testing.T) {
	const config = `prod-facts:
  base: http://shop.example
  allow_private: true
  control: "off"
  check:
    away:     { get: /away, redirects: 3, body: { contains: well } }
    metadata: { get: /metadata, redirects: 3, body: { contains: well } }
    moved:    { get: /moved, redirects: 3, body: { contains: well } }
`
	files := watchedFiles("")
	files[change.ConfigPath] = config
	s := setStage(t, files)
	s.hub.Grant(map[string]string{"contents": "read", "issues": "write", "actions": "read", "checks": "write", "pull_requests": "write"})
	asked := false
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked = true
		fmt.Fprint(w, "inside information")
	}))
	t.Cleanup(inside.Close)
	j := s.watch(2)
	j.before(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{"/away": inside.URL, "/metadata": "http://169.254.169.254/latest/meta-data/", "/moved": "/there"}[r.URL.Path]
		if to == "" {
			fmt.Fprint(w, "well")
			return
		}
		http.Redirect(w, r, to, http.StatusFound)
	}))
	if status := j.run(); status != Failed {
		t.Fatalf("exit status %d\n%s", status, j.log())
	}
	if asked || strings.Contains(j.everything(), "inside information") {
		t.Errorf("another host of the network was asked: %t\n%s", asked, j.everything())
	}
	for _, want := range []string{"127.0.0.1 is a loopback address and was not requested", "169.254.169.254 is a link-local address and is never requested", "moved     pass"} {
		if !strings.Contains(j.log(), want) {
			t.Errorf("no %q in\n%s", want, j.log())
		}
	}
}
