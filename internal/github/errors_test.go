package github

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v66/github"
)

func TestPermissions(t *testing.T) {
	tests := []struct {
		header string
		want   []string
	}{
		{"checks=write", []string{"checks: write"}},
		{"issues=write; pull_requests=write", []string{"pull-requests: write"}},
		{"pull_requests=write;issues=write", []string{"pull-requests: write"}},
		{"contents=read,metadata=read", []string{"contents: read"}},
		{"contents=write, workflows=write", []string{"contents: write", "workflows: write"}},
		{"metadata=read; issues=read", []string{"issues: read"}},
		{"", nil},
		{"x\n::error::y=write", nil},
		{"contents=write ##[error]", nil},
		{"contents", nil},
		{"=", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, Permissions(&Error{Kind: Forbidden, Accepted: tt.header})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.header, diff)
		}
	}
	if got := Permissions(&Error{Kind: Refused, Accepted: "checks=write"}); got != nil {
		t.Errorf("an error that no permission would mend: %q", got)
	}
	if got := Permissions(errors.New("x")); got != nil {
		t.Errorf("another error: %q", got)
	}
}

// What GitHub says decides whether a permission would help, not the status: the
// header comes with every answer.
func TestPermissionsByMessage(t *testing.T) {
	write := []string{"pull-requests: write"}
	for _, tt := range []struct {
		status  int
		message string
		want    []string
	}{
		{403, "Resource not accessible by integration", write},
		{403, "Resource not accessible by personal access token", write},
		{403, "Must have admin rights to Repository.", write},
		{404, "Not Found", write}, // as GitHub answers who may not know that it is there
		{403, "Unable to create comment because issue is locked.", nil},
		{403, "Repository was archived so is read-only.", nil},
		{403, "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled", nil},
		{403, "Check run status and conclusions can only be updated internally by GitHub Actions.", nil},
		{404, "No commit found for SHA: 1234", nil},
		{404, "No common ancestor between a and b.", nil},
		{410, "Issues are disabled for this repo", nil},
		{422, "No commit found for SHA: 1234", nil},
		{422, "Resource not accessible by integration", nil},
		{403, "", nil},
	} {
		answer := &http.Response{StatusCode: tt.status, Header: http.Header{}, Request: httptest.NewRequest(http.MethodPost, "/", nil)}
		answer.Header.Set("X-Accepted-GitHub-Permissions", "issues=write; pull_requests=write")
		err := asError("writing the comment", &github.ErrorResponse{Response: answer, Message: tt.message})
		if diff := cmp.Diff(tt.want, Permissions(err)); diff != "" {
			t.Errorf("%d %q (-want +got):\n%s", tt.status, tt.message, diff)
		}
		if !strings.Contains(err.Error(), tt.message) {
			t.Errorf("%q does not say %q", err, tt.message)
		}
	}
}

func TestErrorText(t *testing.T) {
	until := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)
	tests := []struct {
		err  Error
		want string
	}{
		{Error{Op: "reading", Kind: Forbidden, Status: 403, Message: "no"}, "reading: GitHub answered 403: no"},
		{Error{Op: "reading", Kind: Forbidden, Status: 200, Message: "GitHub answered: no"}, "reading: GitHub answered: no"},
		{Error{Op: "reading", Kind: Unavailable, Message: "no route"}, "reading: no route"},
		{Error{Kind: Limited, Status: 429, Message: "slow down", Until: until}, "GitHub limits this token's requests until 2026-03-02T11:00:00Z: slow down"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if KindOf(nil) != "" || KindOf(errors.New("x")) != Unavailable {
		t.Error("the kinds of no error and another's")
	}
}

// A sentence about an answer never holds the whole of a page.
func TestErrorIsShort(t *testing.T) {
	e := asError("reading", errors.New(strings.Repeat("x", 100_000)))
	if n := len(e.Error()); n > 1000 {
		t.Errorf("%d bytes", n)
	}
}
