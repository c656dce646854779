package github

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxBody bounds an answer, in bytes: a blob of the largest board that is read,
// in base64, with room to spare.
const maxBody = 64 << 20

// maxAttempts bounds the attempts at one request that a server fails.
const maxAttempts = 4

// transport sends requests, waits where GitHub asks for it, and repeats what
// may be repeated. It reads each answer to its end, so that one cut off counts
// as a lost connection.
type transport struct {
	next      http.RoundTripper
	token     string
	origins   []string // "https://api.github.com": those that are sent the token
	graphQL   string
	userAgent string
	now       func() time.Time
	sleep     func(context.Context, time.Duration) error
	timeout   time.Duration

	sent    atomic.Int64
	writing sync.Mutex

	mu   sync.Mutex
	left time.Duration // of MaxWait
}

// repeatable marks a write that may be sent twice: its second effect is none.
type repeatable struct{}

func mayRepeat(ctx context.Context) context.Context {
	return context.WithValue(ctx, repeatable{}, true)
}

// RoundTrip sends a request as often as needed and allowed.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.isRead(req) {
		t.writing.Lock()
		defer t.writing.Unlock()
	}
	for attempt := 1; ; attempt++ {
		began := t.now()
		resp, err := t.attempt(req)
		p := t.problemOf(req, resp, err)
		if p == nil {
			return withoutLimits(resp), err
		}
		wait, again := p.delay(attempt)
		if !again || !t.spendWait(wait+p.timeLost(t.now().Sub(began))) {
			return p.result(resp, err, t.now())
		}
		if err := t.sleep(req.Context(), wait); err != nil {
			return nil, err
		}
	}
}

// isRead says whether a request changes nothing. All our GraphQL is queries.
func (t *transport) isRead(req *http.Request) bool {
	return req.Method == http.MethodGet || req.URL.Path == t.graphQL
}

func (t *transport) spendWait(d time.Duration) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d > t.left {
		return false
	}
	t.left -= d
	return true
}

// attempt sends the request and reads the whole answer.
func (t *transport) attempt(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), t.timeout)
	defer cancel()
	out := req.Clone(ctx)
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body = body
	}
	out.Header.Set("User-Agent", t.userAgent)
	// A redirect may lead to another host, or off TLS, where the token must not be seen.
	if t.token != "" && slices.Contains(t.origins, origin(req.URL)) {
		out.Header.Set("Authorization", "Bearer "+t.token)
	}
	t.sent.Add(1)
	resp, err := t.next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if len(text) > maxBody {
		return nil, fmt.Errorf("the answer is larger than %d MB", maxBody>>20)
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	return resp, nil
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// withoutLimits takes the limits' headers away: go-github remembers them and
// refuses later requests by itself, where we want to ask and to be told.
func withoutLimits(resp *http.Response) *http.Response {
	for _, h := range []string{"X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset", "Retry-After"} {
		resp.Header.Del(h)
	}
	return resp
}

// problem is why an attempt did not do.
type problem struct {
	limited bool
	until   time.Duration // what the limit asks to wait, from now
	message string
	repeat  bool // may the request be sent again
	network bool // no answer came, and time was lost waiting for one
}

// problemOf returns what is wrong with an attempt, nil where its answer is to be taken.
func (t *transport) problemOf(req *http.Request, resp *http.Response, err error) *problem {
	safe := t.isRead(req) || req.Context().Value(repeatable{}) != nil
	if err != nil {
		return &problem{network: true, repeat: safe && req.Context().Err() == nil && mayPass(err)}
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusForbidden:
		return t.limitOf(resp)
	case http.StatusOK:
		if req.URL.Path == t.graphQL {
			return t.graphQLProblem(resp)
		}
	}
	if resp.StatusCode >= 500 {
		return &problem{repeat: safe}
	}
	return nil
}

// mayPass says whether an error of the network may be gone at the next attempt.
func mayPass(err error) bool {
	var cert *tls.CertificateVerificationError
	return !errors.As(err, &cert)
}

// limitOf returns the limit an answer with status 403 or 429 speaks of, nil for
// a plain 403. Both numbers stand for both limits:
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
func (t *transport) limitOf(resp *http.Response) *problem {
	message := messageOf(resp)
	h := resp.Header
	if resp.StatusCode == http.StatusForbidden && h.Get("Retry-After") == "" && h.Get("X-Ratelimit-Remaining") != "0" && !saysLimit(message) {
		return nil
	}
	return &problem{limited: true, repeat: true, message: message, until: t.until(h)}
}

func saysLimit(message string) bool {
	m := strings.ToLower(message)
	return strings.Contains(m, "rate limit") || strings.Contains(m, "abuse detection")
}

// until is how long a limit asks to wait: Retry-After, else the reset of an
// exhausted quota, else the minute GitHub asks for where it says nothing.
func (t *transport) until(h http.Header) time.Duration {
	if s := h.Get("Retry-After"); s != "" {
		if n, err := strconv.Atoi(s); err == nil && n >= 0 {
			return time.Duration(n) * time.Second
		}
		if at, err := http.ParseTime(s); err == nil {
			return max(at.Sub(t.now()), 0)
		}
	}
	if n, err := strconv.ParseInt(h.Get("X-Ratelimit-Reset"), 10, 64); err == nil && h.Get("X-Ratelimit-Remaining") == "0" {
		return max(time.Unix(n, 0).Sub(t.now()), 0)
	}
	return time.Minute
}

// graphQLProblem looks for a failure in an answer with status 200.
func (t *transport) graphQLProblem(resp *http.Response) *problem {
	var a struct {
		Data   json.RawMessage
		Errors []graphQLError
	}
	if json.Unmarshal(bodyOf(resp), &a) != nil {
		return &problem{repeat: true}
	}
	for _, e := range a.Errors {
		if e.Type == "RATE_LIMITED" || (e.Type == "" && saysLimit(e.Message)) {
			return &problem{limited: true, repeat: true, message: e.Message, until: t.until(resp.Header)}
		}
		if e.Type == "" && strings.HasPrefix(e.Message, "Something went wrong while executing your query") {
			return &problem{repeat: true}
		}
	}
	return nil
}

// delay returns how long to wait before the next attempt, and whether there is one.
func (p *problem) delay(attempt int) (time.Duration, bool) {
	if !p.repeat || attempt >= maxAttempts {
		return 0, false
	}
	if p.limited {
		// At least a second: a reset that is this very second may not have happened.
		return max(p.until, time.Second), true
	}
	return backoff(attempt), true
}

// backoff is how long to wait after a failed attempt, from 1.
func backoff(attempt int) time.Duration { return time.Second << (attempt - 1) }

// waitAgain waits after an attempt that came to nothing, and says whether to make
// another. lost is the time that was spent waiting for an answer.
func (t *transport) waitAgain(ctx context.Context, attempt int, lost time.Duration) bool {
	return attempt < maxAttempts && t.spendWait(backoff(attempt)+lost) && t.sleep(ctx, backoff(attempt)) == nil
}

// timeLost is what an attempt cost of MaxWait: one that nobody answered is a wait too.
func (p *problem) timeLost(elapsed time.Duration) time.Duration {
	if p.network {
		return elapsed
	}
	return 0
}

// result is what becomes of a request that is not sent again.
func (p *problem) result(resp *http.Response, err error, now time.Time) (*http.Response, error) {
	if p.limited {
		return nil, &Error{Kind: Limited, Status: resp.StatusCode, Message: p.message, Until: now.Add(p.until).UTC()}
	}
	if err != nil {
		return nil, err
	}
	return withoutLimits(resp), nil
}

// bodyOf returns the text of an answer, which stays readable.
func bodyOf(resp *http.Response) []byte {
	text, _ := io.ReadAll(resp.Body) // from memory
	resp.Body = io.NopCloser(bytes.NewReader(text))
	return text
}

func messageOf(resp *http.Response) string {
	var body struct{ Message string }
	if json.Unmarshal(bodyOf(resp), &body) != nil || body.Message == "" {
		return resp.Status
	}
	return body.Message
}
