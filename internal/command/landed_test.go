package command

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boardgate/boardgate/internal/change"
)

// A pull request that is checked out chooses neither the host nor the header that
// a secret goes to, whatever of the facts it changes.
func TestSecretsGoWhereMainSays(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	told := ""
	listen := func(name string) string {
		return "http://127.0.0.1:" + shop(t, func(_ http.ResponseWriter, r *http.Request) {
			for _, values := range r.Header {
				if strings.Contains(strings.Join(values, " "), "sesame-open-42") {
					told += name
				}
			}
		})
	}
	ours, theirs := listen("ours"), listen("theirs")
	main := "prod-facts:\n  base: " + ours + "\n  allow_private: true\n  control: \"off\"\n  confirm: { off: true }\n  check:\n    orders: { get: /, headers: { X-Key: '{{ env BOARDGATE_TOKEN }}' } }\n    page: { get: / }\n"
	for name, branch := range map[string]struct {
		config string
		args   []string
		status int
		told   string
	}{
		"as main has it":         {main, nil, Passed, "ours"},
		"another limit":          {main + "limits: { wip: 2 }\n", nil, Passed, "ours"},
		"another base":           {strings.ReplaceAll(main, ours, theirs), nil, Misused, ""},
		"another base, trusted":  {strings.ReplaceAll(main, ours, theirs), []string{"--allow-work-tree-config"}, Passed, "theirs"},
		"another header":         {strings.ReplaceAll(main, "X-Key", "X-Shown"), nil, Misused, ""},
		"another variable":       {strings.ReplaceAll(main, "BOARDGATE_TOKEN", "BOARDGATE_OTHER"), nil, Misused, ""},
		"another path":           {strings.Replace(main, "get: /,", "get: /echo,", 1), nil, Misused, ""},
		"a proxy":                {main + "  proxy: environment\n", nil, Misused, ""},
		"a fact more":            {main + "    more: { get: /, headers: { X-Key: '{{ env BOARDGATE_TOKEN }}' } }\n", nil, Misused, ""},
		"no secret any more":     {strings.ReplaceAll(main, "'{{ env BOARDGATE_TOKEN }}'", "none"), nil, Passed, ""},
		"a fact without secret":  {strings.ReplaceAll(main, ours, theirs), []string{"page"}, Passed, ""},
		"the host that is typed": {main, []string{"--base-url", theirs}, Passed, "theirs"},
		"renamed":                {main, nil, Passed, "ours"},
		"renamed, another base":  {strings.ReplaceAll(main, ours, theirs), nil, Misused, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folderOf(t, map[string]string{change.ConfigPath: main})
			for _, args := range []string{"init -q -b main", "add -A", "commit -q -m one", "switch -q -c theirs"} {
				c := exec.Command(git, strings.Fields("-c user.name=Ada -c user.email=ada@example.com "+args)...)
				c.Dir = dir
				c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
				if out, err := c.CombinedOutput(); err != nil {
					t.Fatalf("git %s: %v\n%s", args, err, out)
				}
			}
			place := filepath.Join(dir, filepath.FromSlash(change.ConfigPath))
			if strings.HasPrefix(name, "renamed") {
				if err := os.Remove(place); err != nil {
					t.Fatal(err)
				}
				place = filepath.Join(dir, filepath.FromSlash(change.ConfigPaths[1]))
			}
			if err := os.WriteFile(place, []byte(branch.config), 0o644); err != nil {
				t.Fatal(err)
			}
			told = ""
			var out bytes.Buffer
			p := &Process{
				Args: append([]string{"prod-facts"}, branch.args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Dir: dir, Now: time.Now,
				Getenv: func(name string) string {
					return map[string]string{"BOARDGATE_TOKEN": "sesame-open-42", "BOARDGATE_OTHER": "sesame-open-42"}[name]
				},
			}
			if status := Run(t.Context(), p); status != branch.status || told != branch.told || strings.Contains(out.String(), "sesame") {
				t.Errorf("status %d, told %q; want %d, %q\n%s", status, told, branch.status, branch.told, out.String())
			}
		})
	}
}
