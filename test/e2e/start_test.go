//go:build e2e

package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const emptyImage = "boardgate-e2e/empty"

// mostImage is the budget of the image, in bytes.
const mostImage = 15_000_000

func TestImageSize(t *testing.T) {
	var size int
	out, err := run("/", "docker", "image", "inspect", "--format", "{{.Size}}", actionImage)
	if _, scanErr := fmt.Sscan(out, &size); err != nil || scanErr != nil {
		t.Fatal(err, scanErr, out)
	}
	t.Logf("the image has %.1f MB", float64(size)/1e6)
	if size > mostImage {
		t.Errorf("the image has %d bytes, more than %d", size, mostImage)
	}
}

// From the start of the container to its end with a verdict on a pull request,
// beside a container of an image that holds an empty program and nothing else.
// The two take turns, and the medians are compared.
func BenchmarkStartToVerdict(b *testing.B) {
	s := newStage(b)
	job := s.container(b)
	if err := buildEmpty(b.TempDir()); err != nil {
		b.Fatal(err)
	}
	none := []string{"run", "--rm", "--network", "host", emptyImage}
	timed(b, none, 0) // what comes first finds cold caches
	timed(b, job, 1)
	var empty, gate, above []time.Duration
	for b.Loop() {
		before, verdict := timed(b, none, 0), timed(b, job, 1)
		empty, gate, above = append(empty, before), append(gate, verdict), append(above, verdict-before)
	}
	b.ReportMetric(0, "ns/op")
	for unit, times := range map[string][]time.Duration{"empty-ms": empty, "verdict-ms": gate, "above-ms": above} {
		b.ReportMetric(float64(median(times).Microseconds())/1000, unit)
	}
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// timed runs docker and returns how long it took.
func timed(b *testing.B, args []string, status int) time.Duration {
	b.Helper()
	began := time.Now()
	out, err := run("/", "docker", args...)
	took := time.Since(began)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	}
	if got != status {
		b.Fatalf("docker %s: %v, want status %d\n%s", strings.Join(args, " "), err, status, out)
	}
	return took
}

func buildEmpty(dir string) error {
	for name, text := range map[string]string{
		"main.go": "package main\n\nfunc main() {}\n", "go.mod": "module empty\n",
		"Dockerfile": "FROM scratch\nCOPY empty /empty\nENTRYPOINT [\"/empty\"]\n",
	} {
		if err := write(filepath.Join(dir, name), []byte(text)); err != nil {
			return err
		}
	}
	if out, err := run(dir, "env", "CGO_ENABLED=0", "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", "empty", "."); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	if out, err := run(dir, "docker", "build", "--quiet", "--tag", emptyImage, "."); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// container is the docker command that a runner gives for a pull request that
// breaks the limit.
func (s *stage) container(b *testing.B) []string {
	b.Helper()
	base := s.main(board(item(prices), numbered(receipt)))
	head := s.commit(board(item(prices)+item(receipt), "None\n"), base)
	merge := s.repo.OpenPull(5, "A change", head).Merge
	dir := b.TempDir()
	payload, err := json.Marshal(pullEvent(5, base, head, repoName))
	for name, content := range map[string][]byte{"event.json": payload, "summary": nil, "output": nil} {
		err = firstError(err, os.WriteFile(filepath.Join(dir, name), content, 0o666))
	}
	if err != nil {
		b.Fatal(err)
	}
	args := []string{"run", "--rm", "--network", "host", "--volume", dir + ":/github"}
	for name, value := range map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": "/github/event.json", "GITHUB_REPOSITORY": repoName,
		"GITHUB_SHA": merge, "GITHUB_REF": "refs/pull/5/merge", "GITHUB_RUN_ID": "7", "GITHUB_RUN_NUMBER": "7", "GITHUB_JOB": "board-gate",
		"GITHUB_API_URL": s.server.URL + "/api/v3", "GITHUB_GRAPHQL_URL": s.server.URL + "/api/graphql", "INPUT_TOKEN": token,
		"GITHUB_OUTPUT": "/github/output", "GITHUB_STEP_SUMMARY": "/github/summary",
	} {
		args = append(args, "--env", name+"="+value)
	}
	return append(args, actionImage, "action")
}
