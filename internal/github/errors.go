package github

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"
)

// Kind is what went wrong with a request, as far as one acts on it.
type Kind string

// The kinds of error.
const (
	Unauthorized Kind = "unauthorized" // no token, or one that is no longer good
	Forbidden    Kind = "forbidden"    // the token may not do this
	NotFound     Kind = "not found"    // it is not there, or the token may not see that it is
	Refused      Kind = "refused"      // GitHub understood and will not; asking again is of no use
	Limited      Kind = "limited"      // too many requests, and the wait is longer than allowed
	Unavailable  Kind = "unavailable"  // no answer, or none that could be read
)

// Error is a request that came to nothing.
type Error struct {
	Op       string // what was tried, in words: "reading the board"
	Kind     Kind
	Status   int       // of the answer, 0 where there was none
	Message  string    // GitHub's own words or the network's; untrusted text
	Until    time.Time // when a limit ends, zero where not known
	Accepted string    // header X-Accepted-GitHub-Permissions, or our own table's
	cause    error
}

// maxMessage bounds what is quoted of an answer, in bytes.
const maxMessage = 400

func clipMessage(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + "…"
}

// Error returns what was tried, and what came.
func (e *Error) Error() string {
	message := clipMessage(e.Message)
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	switch {
	case e.Kind == Limited:
		fmt.Fprintf(&b, "GitHub limits this token's requests until %s: %s", e.Until.Format(time.RFC3339), message)
	case e.Status != 0 && e.Status != http.StatusOK:
		fmt.Fprintf(&b, "GitHub answered %d: %s", e.Status, message)
	default:
		b.WriteString(message)
	}
	return b.String()
}

// Unwrap returns the error beneath, if any.
func (e *Error) Unwrap() error { return e.cause }

// KindOf returns the kind of an error of this package, Unavailable for another, "" for nil.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Kind
	default:
		return Unavailable
	}
}

// Permissions returns the lines that a workflow's permissions block lacks, as
// far as an error says so: "checks: write". Where one of several would do, the
// one that boardgate's example workflow has comes back.
func Permissions(err error) []string {
	var e *Error
	if !errors.As(err, &e) || (e.Kind != Forbidden && e.Kind != NotFound) {
		return nil
	}
	return acceptedPermissions(e.Accepted)
}

// acceptedPermissions reads the header: alternatives are parted by semicolons, what
// belongs together by commas
// (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible).
func acceptedPermissions(header string) []string {
	var best []string
	for alternative := range strings.SplitSeq(header, ";") {
		lines := permissionLines(alternative)
		if len(lines) > 0 && (best == nil || slices.Contains(lines, "pull-requests: write")) {
			best = lines
		}
	}
	return best
}

func permissionLines(alternative string) []string {
	var lines []string
	for pair := range strings.SplitSeq(alternative, ",") {
		scope, level, ok := strings.Cut(strings.TrimSpace(pair), "=")
		// metadata: read is every token's, and no key of a workflow.
		if !ok || scope == "metadata" || !isWord(scope) || !isWord(level) {
			continue
		}
		lines = append(lines, strings.ReplaceAll(scope, "_", "-")+": "+level)
	}
	return lines
}

// isWord keeps a header's text, which a proxy may have written, from being printed as anything else.
func isWord(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// asError makes an error of this package of what go-github returned.
func asError(op string, err error) error {
	if err == nil {
		return nil
	}
	var own *Error
	if errors.As(err, &own) {
		e := *own
		e.Op = op
		return &e
	}
	var answer *github.ErrorResponse
	if errors.As(err, &answer) && answer.Response != nil {
		e := &Error{Op: op, Status: answer.Response.StatusCode, Message: answerMessage(answer), cause: err}
		e.Kind = kindOfStatus(e.Status, e.Message)
		// GitHub sends the header with whatever it answers.
		if e.Kind == Forbidden || e.Kind == NotFound && e.Message == "Not Found" {
			e.Accepted = answer.Response.Header.Get("X-Accepted-GitHub-Permissions")
		}
		return e
	}
	return &Error{Op: op, Kind: Unavailable, Message: networkMessage(err), cause: err}
}

func kindOfStatus(status int, message string) Kind {
	switch {
	case status == http.StatusUnauthorized:
		return Unauthorized
	case status == http.StatusForbidden && aboutPermission(message):
		return Forbidden
	case status == http.StatusNotFound || status == http.StatusGone:
		return NotFound
	case status >= 500 || status == http.StatusRequestTimeout:
		return Unavailable
	default:
		return Refused
	}
}

// aboutPermission says whether GitHub's words for a refusal are about what the
// token may do. A locked conversation, an archived repository and an address that
// is not allowed have the same status, and no permission mends them.
func aboutPermission(message string) bool {
	return slices.ContainsFunc([]string{
		"Resource not accessible by integration", "Resource not accessible by personal access token", "Must have admin rights",
	}, func(words string) bool { return strings.Contains(message, words) })
}

// answerMessage is the message of an answer with the fields it finds fault with.
func answerMessage(answer *github.ErrorResponse) string {
	message := answer.Message
	if message == "" {
		message = http.StatusText(answer.Response.StatusCode)
	}
	for _, e := range answer.Errors {
		if e.Message != "" {
			message += "; " + e.Message
		} else if e.Field != "" {
			message += "; " + e.Field + " " + e.Code
		}
	}
	return message
}

// networkMessage adds to an error of the network what can be done about it.
func networkMessage(err error) string {
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &cert):
		return err.Error() + " (the input ca-file names further certificates to trust)"
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	default:
		return err.Error()
	}
}
